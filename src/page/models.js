// What was learned from this site's moderators, and the way back.
import { h, button, refill, say } from './dom.js';
import { call, get, query } from './api.js';
import { the_site } from './picker.js';
import { records } from './records.js';
import { count, when } from './words.js';

const HEADS = ['Made', 'Model', 'Labels', 'Loss', 'Marked wrongly', 'Why',
    'Live'];

class Models {
    #site;
    #admin;

    constructor(room, app, { admin, gone }) {
        this.#site = the_site(app);
        this.#admin = admin;
        this.room = room;
        this.outcome = h('p', { class: 'outcome', role: 'status' });
        app.live.addEventListener('settings', () => this.open(),
            { signal: gone });
    }

    async open() {
        this.#draw(await get('models', { site: this.#site }));
    }

    async #ask(method, path, body, done) {
        try {
            this.#draw(await call(method, query(path, { site: this.#site }),
                body));
            this.outcome.classList.remove('wrong');
            refill(this.outcome, done);
        } catch (error) {
            this.outcome.classList.add('wrong');
            refill(this.outcome, error.message);
        }
        say(this.outcome.textContent);
    }

    #live(model, done) {
        return this.#ask('PUT', 'models/live', { model }, done);
    }

    #draw(found) {
        const live = found.models.find((one) => one.live);

        refill(this.room,
            h('div', { class: 'panel' },
                h('p', null, live
                    ? ['Judged by the general model ',
                        h('code', null, found.general), ' and what was ' +
                        'learned here, ', h('code', null, live.model), '.']
                    : ['Judged by the general model ',
                        h('code', null, found.general), ' alone.']),
                found.last && h('p', { class: 'quiet' },
                    'The last learning: ', found.last),
                found.learning && h('p', { role: 'status' },
                    'Learning now; this page says when it is done.'),
                this.#admin && this.#buttons(found, live), this.outcome),
            h('h2', { class: 'after' }, 'History'), this.#history(found));
    }

    #buttons(found, live) {
        return h('div', { class: 'row' },
            button('Learn now', () => this.#ask('POST', 'learn', undefined,
                'Begun.'), { class: 'main', disabled: found.learning }),
            live && button('Back to the general model', () =>
                this.#live(null, 'The general model judges alone.')));
    }

    #history({ models }) {
        if (models.length === 0)
            return h('p', { class: 'quiet' }, 'Nothing has been learned yet.');
        return records('History of models', HEADS,
            models.map((one) => this.#row(one)));
    }

    #row(one) {
        return [when(one.made_ms), h('code', null, one.model),
            `${count(one.honest)} honest, ${count(one.spam)} spam`,
            `${one.loss.toFixed(3)}, general ${one.general_loss.toFixed(3)}`,
            count(one.false_marks), one.reason,
            one.live ? h('strong', null, 'live')
                : this.#admin && one.usable && button('Make live', () =>
                    this.#live(one.model, `${one.model} is live.`))];
    }
}

export function models(room, app, context) {
    return new Models(room, app, context).open();
}
