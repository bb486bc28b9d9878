#ifndef MODEL_BUILTIN_H
#define MODEL_BUILTIN_H

#include "base/span.h"

/*
 * The files of models/ as they were when the program was built, inside it, so
 * that one file is all there is to install.
 */
struct span builtin_manifest(void);
struct span builtin_weights(void);

#endif /* MODEL_BUILTIN_H */
