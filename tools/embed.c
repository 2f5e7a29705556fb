/* embed - turns text files into a C table that is compiled in.
 *
 *     embed FILE… > out.inc
 *
 * Each file becomes an entry {"base name", "its text"} of a table the includer declares; the
 * order is that of the arguments.  Written as hexadecimal bytes, so that no text can break out.
 */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        const char *slash = strrchr(argv[i], '/');
        printf("{\"%s\", (const char[]){", slash == NULL ? argv[i] : slash + 1);
        for (int c; (c = getc(file)) != EOF;)
            printf("%d,", c > 127 ? c - 256 : c);
        printf("0}},\n");
        if (ferror(file) || fclose(file) != 0)
            return 1;
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
