// libexpat's push parser, opened with dlopen at first use.
//
// Why expat and not FoundationXML: linking FoundationXML makes the binary 50 MB larger and makes
// every command load libxml2 and ICU (1.2 ms, measured), though only a sync reads XML.
// The few declarations stand here, so that building needs no header package; the ABI of
// libexpat.so.1 has not changed since 2001.
//
// Invariant: every function but cexpat_open may only be called after cexpat_open has returned NULL.
#pragma once

typedef void (*cexpat_start)(void *context, const char *name, const char **attributes);
typedef void (*cexpat_end)(void *context, const char *name);
typedef void (*cexpat_text)(void *context, const char *bytes, int count);

/// Opens libexpat.so.1, once. NULL, or why not.
const char *cexpat_open(void);

/// Parses one whole document; text and names come as UTF-8, names without namespace handling.
/// A document type declaration ends parsing as an error, so there are no entities to expand.
/// NULL when the document was well-formed to its end, else why not.
const char *cexpat_parse(const char *bytes, int count, void *context, cexpat_start start,
                         cexpat_end end, cexpat_text text);
