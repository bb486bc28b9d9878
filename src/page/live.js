// What the server tells by itself: that the queue or the settings changed.
// Events: "queue" {waiting}, "settings", and "up" or "down" as the line is.
import { ask_session } from './api.js';

const AGAIN_MS = 3000;

export class Live extends EventTarget {
    #source = null;
    #timer = 0;
    #up = null;

    // A browser keeps six connections to a server, for all windows together:
    // only those that are looked at hold one.
    #seen = () => {
        this.#end();
        if (!document.hidden)
            this.#open();
    };

    constructor() {
        super();
        document.addEventListener('visibilitychange', this.#seen);
        this.#seen();
    }

    close() {
        document.removeEventListener('visibilitychange', this.#seen);
        this.#end();
    }

    #end() {
        clearTimeout(this.#timer);
        this.#source?.close();
        this.#source = null;
        this.#up = null;
    }

    #open() {
        this.#source = new EventSource('/v1/page/events');
        this.#source.addEventListener('open', () => this.#line(true));
        this.#source.addEventListener('error', () => this.#broken());
        for (const type of ['queue', 'settings'])
            this.#source.addEventListener(type, (event) =>
                this.#tell(type, JSON.parse(event.data || '{}')));
    }

    // A browser tries again by itself, but not after an answer it dislikes.
    #broken() {
        this.#line(false);
        if (this.#source.readyState !== EventSource.CLOSED)
            return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#again(this.#source), AGAIN_MS);
    }

    // It may dislike us because the session ended.
    async #again(source) {
        const session = await ask_session().catch(() => null);

        if (session && !session.signed_in)
            window.dispatchEvent(new Event('signed-out'));
        else if (source === this.#source)
            this.#open();
    }

    #line(up) {
        if (this.#up !== up)
            this.#tell(up ? 'up' : 'down');
        this.#up = up;
    }

    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}
