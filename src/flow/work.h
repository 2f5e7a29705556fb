/* work - the long work that the office can be asked for (flow/job.h).
 *
 *   look    {files: [number, …]}  looks at files of the tray (flow/tray.h)
 *                                 -> {looked, refused}
 *   import  {files: [number, …], registers: [name, …]}  takes them in, each by itself; no other registers, absent: all
 *                                 -> {batches[], refused[{staged, name, error, advice}]}
 *   run     {}                    links, checks, opens issues, writes the report
 *                                 -> {link{}, checks{ran, blind, raised, cleared}, opened, report}
 *   report  {form, as_of}         writes the report: html, pdf, docx; as_of or null
 *                                 -> {report (a file of derived/)}
 */
#ifndef TZ_FLOW_WORK_H
#define TZ_FLOW_WORK_H

#include "flow/job.h"

extern const tz_job_kind TZ_WORK[]; /* ends with a NULL name */

#endif
