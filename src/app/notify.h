#ifndef APP_NOTIFY_H
#define APP_NOTIFY_H

/*
 * Telling systemd how we are (sd_notify(3)): one datagram to the socket that
 * NOTIFY_SOCKET names. Without one, nothing happens.
 */

/* `state` as in "READY=1" or "STOPPING=1". */
void notify(const char *state);

/* A reload begins; READY=1 ends it. */
void notify_reloading(void);

#endif /* APP_NOTIFY_H */
