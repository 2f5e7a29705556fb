/* tidy - the house's rules that a program can check. Prints each breach as FILE:LINE: rule and ends
 * with 1 if there was one.
 *
 *   layers    an #include reaches only folders before its own; siblings never meet
 *   memory    no malloc, calloc, realloc or free outside src/base, but what a library's contract asks
 *   banned    no strcpy, strcat, sprintf, gets, atoll on foreign text, system, popen
 *   journal   no call of SQLite outside src/store by which something could be written past the journal
 *   lines     at most 150 columns of display, no tab in C, no white space at the end
 *   words     no note-to-self of unfinished work
 *   readmes   every folder of src has its README.md, every header says what it is
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { COLUMNS = 150, LINES = 900 };

static int breaches;

static void breach(const char *file, int line, const char *rule)
{
    printf("%s:%d: %s\n", file, line, rule);
    breaches++;
}

/* ---- Layers ---- */

static const struct {
    const char *folder;
    int         layer;
} LAYERS[] = {
    {"base", 0},   {"formats", 1}, {"store", 2},   {"packs", 3},  {"evidence", 4}, {"people", 4}, {"checks", 4}, {"ledger", 4},
    {"trace", 4},  {"transit", 4}, {"report", 5},  {"flow", 6},   {"demo", 7},     {"web", 7},    {"cli", 8},
};

static int layer_of(const char *folder, size_t size)
{
    for (size_t i = 0; i < sizeof LAYERS / sizeof LAYERS[0]; i++)
        if (strlen(LAYERS[i].folder) == size && strncmp(LAYERS[i].folder, folder, size) == 0)
            return LAYERS[i].layer;
    return -1;
}

/* cli is a layer of its own behind demo and web, whose doors it opens. */
static void check_include(const char *file, int line, const char *text)
{
    const char *own = strncmp(file, "src/", 4) == 0 ? file + 4 : NULL;
    const char *quote = strchr(text, '"');

    if (own == NULL || quote == NULL)
        return;
    const char *slash = strchr(quote, '/'), *own_slash = strchr(own, '/');
    if (slash == NULL || own_slash == NULL)
        return; /* a generated file beside its user */
    size_t size = (size_t)(slash - quote - 1), own_size = (size_t)(own_slash - own);
    if (size == own_size && strncmp(quote + 1, own, size) == 0)
        return;
    int layer = layer_of(quote + 1, size), own_layer = layer_of(own, own_size);
    if (layer < 0 || own_layer < 0)
        breach(file, line, "layers: a folder that is not in the order");
    else if (layer >= own_layer)
        breach(file, line, "layers: includes a folder that does not stand before its own");
}

/* ---- Lines ---- */

static bool holds_call(const char *text, const char *name)
{
    size_t size = strlen(name);

    for (const char *at = text; (at = strstr(at, name)) != NULL; at += size) {
        bool is_start = at == text || strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.>", at[-1]) == NULL;
        if (is_start && at[size] == '(')
            return true;
    }
    return false;
}

static void check_calls(const char *file, int line, const char *text)
{
    static const char *const BANNED[] = {"strcpy", "strcat", "sprintf", "vsprintf", "gets", "system", "popen", "strtok", "alloca"};
    static const char *const MEMORY[] = {"malloc", "calloc", "realloc"};
    static const char *const PAST_THE_JOURNAL[] = {"sqlite3_open", "sqlite3_blob_open", "sqlite3_backup_", "sqlite3_deserialize",
                                                   "sqlite3_set_authorizer", "sqlite3_db_config", "sqlite3_exec", "sqlite3_prepare"};

    for (size_t i = 0; i < sizeof BANNED / sizeof BANNED[0]; i++)
        if (holds_call(text, BANNED[i]))
            breach(file, line, "banned: an unsafe function");
    for (size_t i = 0; i < sizeof PAST_THE_JOURNAL / sizeof PAST_THE_JOURNAL[0]; i++)
        if (strncmp(file, "src/", 4) == 0 && strncmp(file, "src/store/", 10) != 0 && strstr(text, PAST_THE_JOURNAL[i]) != NULL)
            breach(file, line, "journal: a way to write that no authorizer sees");
    for (size_t i = 0; i < sizeof MEMORY / sizeof MEMORY[0]; i++)
        if (holds_call(text, MEMORY[i]) && strncmp(file, "src/base/", 9) != 0)
            breach(file, line, "memory: allocates outside src/base");
}

static int display_columns(const char *text)
{
    int columns = 0;
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c & 0xC0) == 0x80)
            continue;
        columns += c >= 0xE3 ? 2 : 1;
    }
    return columns;
}

/* The words are put together here so that this file does not hold them. */
static bool holds_unfinished(const char *text)
{
    static const char *const HALVES[][2] = {{"TO", "DO"}, {"FIX", "ME"}};
    char word[8];

    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(word, sizeof word, "%s%s", HALVES[i][0], HALVES[i][1]);
        if (strstr(text, word) != NULL)
            return true;
    }
    return false;
}

static bool ends_in(const char *name, const char *tail)
{
    size_t size = strlen(name), tail_size = strlen(tail);
    return size >= tail_size && strcmp(name + size - tail_size, tail) == 0;
}

static void check_line(const char *file, int line, const char *text, bool is_c)
{
    size_t size = strlen(text);

    if (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t'))
        breach(file, line, "lines: white space at the end");
    if (holds_unfinished(text))
        breach(file, line, "words: unfinished work");
    if (!is_c)
        return;
    if (strchr(text, '\t') != NULL)
        breach(file, line, "lines: a tab");
    if (display_columns(text) > COLUMNS)
        breach(file, line, "lines: too long");
    if (strncmp(text, "#include", 8) == 0)
        check_include(file, line, text);
    if (strncmp(file, "src/", 4) == 0 && strncmp(text, "/*", 2) != 0 && strncmp(text, " *", 2) != 0)
        check_calls(file, line, text);
}

static void check_file(const char *path)
{
    char  text[8192];
    int   line = 0;
    bool  is_c = ends_in(path, ".c") || ends_in(path, ".h");
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        breach(path, 0, "unreadable");
        return;
    }
    while (fgets(text, sizeof text, file) != NULL) {
        text[strcspn(text, "\n")] = '\0';
        line++;
        if (line == 1 && ends_in(path, ".h") && strncmp(text, "/*", 2) != 0)
            breach(path, 1, "readmes: a header begins by saying what it is");
        check_line(path, line, text, is_c);
    }
    if (is_c && line > LINES)
        breach(path, line, "lines: does this file still hold one subject?");
    (void)fclose(file);
}

/* ---- Folders ---- */

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_read(const char *name)
{
    static const char *const TAILS[] = {".c", ".h", ".sql", ".md", ".yaml", ".sh"};
    for (size_t i = 0; i < sizeof TAILS / sizeof TAILS[0]; i++)
        if (ends_in(name, TAILS[i]))
            return true;
    return false;
}

static void check_folder(const char *path)
{
    DIR   *folder = opendir(path);
    char  *names[1024];
    size_t count = 0;
    char   inner[4096];
    struct stat info;

    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && count < 1024;)
        if (entry->d_name[0] != '.')
            names[count++] = strdup(entry->d_name);
    (void)closedir(folder);
    qsort(names, count, sizeof names[0], compare);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(inner, sizeof inner, "%s/%s", path, names[i]);
        if (stat(inner, &info) == 0 && S_ISDIR(info.st_mode))
            check_folder(inner);
        else if (is_read(names[i]))
            check_file(inner);
        free(names[i]);
    }
}

static void check_readmes(void)
{
    char path[256];
    struct stat info;

    for (size_t i = 0; i < sizeof LAYERS / sizeof LAYERS[0]; i++) {
        (void)snprintf(path, sizeof path, "src/%s", LAYERS[i].folder);
        if (stat(path, &info) != 0)
            continue;
        (void)snprintf(path, sizeof path, "src/%s/README.md", LAYERS[i].folder);
        if (stat(path, &info) != 0)
            breach(path, 0, "readmes: the folder's README.md is missing");
    }
}

int main(void)
{
    static const char *const FOLDERS[] = {"src", "tools", "tests", "packs", "docs", "bench"};

    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0]; i++)
        check_folder(FOLDERS[i]);
    check_readmes();
    if (breaches > 0)
        printf("%d breaches\n", breaches);
    return breaches > 0;
}
