#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/*
 * Functions that have cost other people dearly: they write without a limit,
 * read numbers without an error, or keep hidden state. The build includes
 * this file before every other, so using one of them does not compile.
 *
 * System headers that declare them come first, for the poison to spare the
 * declarations.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok
#pragma GCC poison atoi atol atoll gets gmtime localtime ctime asctime

#endif /* BASE_BANNED_H */
