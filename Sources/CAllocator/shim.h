// What glibc says of its allocator, which is in no module of Swift's.
#include <malloc.h>
