#include "packs/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define ARCHITECTURE 0
#endif

static void set_limit(__rlimit_resource_t what, rlim_t value)
{
    const struct rlimit both = {value, value};
    (void)setrlimit(what, &both);
}

void tz_seal_memory(int64_t memory_mb)
{
    tz_assert(memory_mb > 0);
    set_limit(RLIMIT_AS, (rlim_t)memory_mb << 20);
}

void tz_seal_limit(void)
{
    set_limit(RLIMIT_FSIZE, 0);
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NOFILE, 256);
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

void tz_seal_cpu(int64_t seconds)
{
    const struct rlimit soft = {(rlim_t)seconds, RLIM_INFINITY};
    (void)setrlimit(RLIMIT_CPU, &soft);
}

/* ---- Landlock ---- */

/* As the newest kernels know it; an older one is told only as many bytes as it has fields. */
struct ruleset {
    uint64_t paths, ports, scoped;
};

/* As linux/landlock.h has them, which older headers lack. */
enum { MAY_WRITE = 1 << 1, MAY_READ = 1 << 2, MAY_LIST = 1 << 3, MAY_REMOVE = 1 << 5, MAY_MAKE = 1 << 8, MAY_TRUNCATE = 1 << 14 };

struct __attribute__((packed)) path_beneath {
    uint64_t allowed;
    int32_t  parent;
};

static bool allow(int rules, const tz_sealed_path *path, bool has_truncate)
{
    enum { PATH_BENEATH = 1 };
    static const uint64_t MAY[] = {[TZ_SEAL_READ] = MAY_READ | MAY_LIST, [TZ_SEAL_DROP] = MAY_WRITE | MAY_MAKE,
                                   [TZ_SEAL_WORK] = MAY_WRITE | MAY_READ | MAY_LIST | MAY_REMOVE | MAY_MAKE};
    struct path_beneath beneath = {.allowed = MAY[path->may] | (has_truncate && path->may == TZ_SEAL_WORK ? MAY_TRUNCATE : 0),
                                   .parent = open(path->path, O_PATH | O_CLOEXEC)};

    if (beneath.parent < 0)
        return false;
    bool is_allowed = syscall(SYS_landlock_add_rule, rules, PATH_BENEATH, &beneath, 0) == 0;
    (void)close(beneath.parent);
    return is_allowed;
}

/* Takes all that the kernel knows how to take but the paths that are named; of ports those that are asked for. */
static bool restrict_self(uint64_t ports, const tz_sealed_path *paths, int count)
{
    enum { VERSION = 1U << 0, FIRST = (1 << 13) - 1, REFER = 1 << 13, DEVICES = 1 << 15, SIGNALS_AND_SOCKETS = 3 };
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION);

    if (abi < 1)
        return false;
    const struct ruleset all = {.paths = FIRST | (abi >= 2 ? REFER : 0) | (abi >= 3 ? MAY_TRUNCATE : 0) | (abi >= 5 ? DEVICES : 0),
                                .ports = abi >= 4 ? ports : 0,
                                .scoped = abi >= 6 ? SIGNALS_AND_SOCKETS : 0};
    size_t size = abi >= 6 ? sizeof all : abi >= 4 ? 2 * sizeof all.paths : sizeof all.paths;
    int    rules = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
    bool   is_done = rules >= 0;
    for (int i = 0; i < count && is_done; i++)
        is_done = paths[i].path == NULL || allow(rules, &paths[i], abi >= 3);
    is_done = is_done && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    if (rules >= 0)
        (void)close(rules);
    return is_done;
}

enum { BIND = 1 << 0, CONNECT = 1 << 1 };

bool tz_seal_paths(void)
{
    return restrict_self(BIND | CONNECT, NULL, 0);
}

bool tz_seal_to(const tz_sealed_path *paths, int count)
{
    return restrict_self(CONNECT, paths, count);
}

/* ---- seccomp ---- */

/* What computing over memory and one socket needs. Nothing here takes a path. */
static const uint32_t NEEDED[] = {
    __NR_read, __NR_write, __NR_sendto, __NR_recvfrom, __NR_ppoll, __NR_close, __NR_fstat, __NR_lseek,
#ifdef __NR_poll
    __NR_poll,
#endif
    __NR_munmap, __NR_mremap, __NR_madvise, __NR_brk, __NR_mincore, __NR_membarrier,
    __NR_futex, __NR_sched_yield, __NR_sched_getaffinity, __NR_nanosleep, __NR_clock_nanosleep, __NR_clock_gettime, __NR_gettimeofday,
    __NR_getpid, __NR_gettid, __NR_tgkill, __NR_getrandom, __NR_getrusage, __NR_sysinfo, __NR_getcpu,
    __NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn, __NR_sigaltstack, __NR_restart_syscall, __NR_set_robust_list,
    __NR_rseq, /* a thread that is just starting: glibc ends the process without it */
    __NR_exit, __NR_exit_group,
};
enum { NEEDED_COUNT = sizeof NEEDED / sizeof NEEDED[0], FRAME = 13 };

/* The program of the filter:
 *
 *     architecture is ours?       no: deny
 *     number is prlimit64?        of processor time: allow, else deny
 *     number is mmap, mprotect?   asks for PROT_EXEC: deny, else allow
 *     number is one of NEEDED?    allow
 *     deny
 */
bool tz_seal_shut(void)
{
    struct sock_filter  code[FRAME + NEEDED_COUNT];
    struct sock_fprog   program = {.filter = code};
    const uint32_t      second = offsetof(struct seccomp_data, args[1]); /* low halves: both machines are little-endian */
    const uint32_t      third = offsetof(struct seccomp_data, args[2]);
    const uint8_t       to_allow = NEEDED_COUNT + 1;
    unsigned short      size = 0;

    code[size++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 0, NEEDED_COUNT + 8);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_prlimit64, 0, 2);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, second);
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RLIMIT_CPU, to_allow + 4, to_allow + 3);
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 1, 0);
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mprotect, 0, 2);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, third);
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, to_allow - 1, to_allow);
    for (unsigned short i = 0; i < NEEDED_COUNT; i++)
        code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NEEDED[i], (uint8_t)(NEEDED_COUNT - i), 0);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    tz_assert(size <= FRAME + NEEDED_COUNT);
    program.len = size;
    return ARCHITECTURE != 0 && syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}
