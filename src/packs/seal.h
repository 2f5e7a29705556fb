/* seal - what the kernel takes from a worker: memory, files, processes, the network.
 *
 * tz_seal_limit comes first, before anything foreign is read. tz_seal_shut comes when the registers
 * are loaded: from then on no thread of the process can open a file, make a socket, a thread or a
 * process, or map executable memory. All tables are in memory by then, so nothing is missed.
 * Both are a second wall behind the gate (gate.h) and DuckDB's own locks; no correct answer depends
 * on them.
 */
#ifndef TZ_PACKS_SEAL_H
#define TZ_PACKS_SEAL_H

#include <stdbool.h>
#include <stdint.h>

/* Limits of this process: memory_mb of address space (0: none), no file written, no core, few open
 * files; it dies with its parent and gains no privilege. */
void tz_seal_limit(int64_t memory_mb);

/* Denies every system call that computing does not need (it fails with EPERM). For good, for all
 * threads. False where the kernel has no such filter: the caller goes on without. */
bool tz_seal_shut(void);

#endif
