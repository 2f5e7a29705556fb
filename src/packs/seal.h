/* seal - what the kernel takes from a worker: memory, time, files, processes, the network.
 *
 * tz_seal_limit comes first, before anything foreign is read. When the registers are loaded and the engine
 * has no thread of its own, tz_seal_paths takes every path (Landlock: it reaches the calling thread and those
 * that it starts later); tz_seal_shut then leaves the calls that computing needs (seccomp, all threads).
 * All tables are in memory by then, so nothing is missed. Each is a wall behind the gate (gate.h) and DuckDB's
 * own locks; no correct answer depends on them. The county's process refuses a worker that has neither.
 */
#ifndef TZ_PACKS_SEAL_H
#define TZ_PACKS_SEAL_H

#include <stdbool.h>
#include <stdint.h>

/* Limits of this process: no file written, no core, few open files; it dies with its parent and gains no
 * privilege. */
void tz_seal_limit(void);

/* So much address space. */
void tz_seal_memory(int64_t memory_mb);

/* How much processor time the process may have used in all before it is killed (SIGXCPU). Also when shut. */
void tz_seal_cpu(int64_t seconds);

/* No path can be opened, made, changed or run any more, no TCP port used, no process outside signalled: as much
 * of this as the kernel knows. False where it has no Landlock. */
bool tz_seal_paths(void);

/* What a process that serves the public may still reach on the disk; a path NULL is passed over. It keeps its open files, so
 * sockets are made and certificates read before. New TCP connections are refused where the kernel knows how. For the
 * calling thread and those that it starts later. False where it has no Landlock, or a path is not there. */
typedef struct {
    const char *path;
    enum { TZ_SEAL_READ, TZ_SEAL_DROP, TZ_SEAL_WORK } may; /* read files; make new files and write them, no more; all of these */
} tz_sealed_path;
bool tz_seal_to(const tz_sealed_path *paths, int count);

/* Denies every system call that computing does not need (it fails with EPERM). For good, for all
 * threads. False where the kernel has no such filter: the caller goes on without. */
bool tz_seal_shut(void);

#endif
