// Which site a view is about; kept in the address, so that it can be shared.
import { h } from './dom.js';

// `all`: may it be all of them? Where there is one site, there is no choice.
export function site_picker(app, all) {
    const { sites } = app.session;
    const chosen = app.params.get('site') ?? '';

    if (sites.length < 2)
        return null;
    const select = h('select', { 'aria-label': 'Site', on: { change() {
        app.set({ site: select.value });
    } } },
    all && h('option', { value: '' }, 'All sites'),
    sites.map((site) => h('option',
        { value: site, selected: site === chosen }, site)));

    return select;
}

// The site of a view that is about one.
export function the_site(app) {
    return app.params.get('site') || app.session.sites[0];
}
