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

/// One document that is being read.
typedef struct cexpat_document cexpat_document;

/// Begins a document; text and names will come as UTF-8, names without namespace handling.
/// A document type declaration ends parsing as an error, so there are no entities to expand;
/// with `allows_named_type` one that declares nothing of its own is passed over, never fetched.
/// `encoding` replaces what the document declares; NULL leaves it to the document. NULL when out of
/// memory. Handlers are only called inside of cexpat_feed.
cexpat_document *cexpat_begin(const char *encoding, void *context, cexpat_start start,
                              cexpat_end end, cexpat_text text, int allows_named_type);

/// Reads the next bytes. NULL when they were well-formed so far, with `last` to the end, else why
/// not; after that nothing more may be fed.
const char *cexpat_feed(cexpat_document *document, const char *bytes, int count, int last);

/// The line that is being read, from 1, and how many bytes of what was fed stand before the token
/// that is being read.
unsigned long cexpat_line(cexpat_document *document);
long cexpat_offset(cexpat_document *document);

void cexpat_end_document(cexpat_document *document);
