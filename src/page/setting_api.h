#ifndef PAGE_SETTING_API_H
#define PAGE_SETTING_API_H

#include "page/visit.h"

/*
 * A site's settings and models; each is the answer to a route. Changes are in
 * the audit log as "settings", with what they were before, and the running
 * server takes them up.
 */
void settings_get(struct visit *visit);
void settings_put(struct visit *visit);
void settings_preview(struct visit *visit);
void models_get(struct visit *visit);
void model_choose(struct visit *visit);
void model_learn(struct visit *visit);

/*
 * The site that the query names, or the only one; in the arena. False, and
 * refused, when it is not clear or not served.
 */
bool setting_site(struct visit *visit, struct page_site *site);

#endif /* PAGE_SETTING_API_H */
