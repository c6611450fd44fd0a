/* SPDX-License-Identifier: MIT */
/* Copies the XML files of the views to where Trace Compass keeps those that it knows. */
#ifndef PYTHREAD_TRACE_VIEWS_INSTALL_H
#define PYTHREAD_TRACE_VIEWS_INSTALL_H

/*
 * From the directory `views` to the workspace, an existing one; NULL: to ~/.tracecompass, which is
 * made where Trace Compass never ran. A file there is replaced by a complete new one or not at all.
 * Says on standard output what it did and how to go on, or on standard error what is wrong.
 * Returns the exit status.
 */
int views_install(const char *views, const char *workspace);

#endif
