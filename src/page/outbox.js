// What a moderator decided goes here first, and from here to the server, in
// order. It stays on this device until the server has answered: a lost answer
// is asked for again, with the same id, which the server does only once. Each
// person has a box of their own, so that nobody decides in another's name.
import { call, ask_session, Refused } from './api.js';

const LONGEST_WAIT_MS = 15000;
const TOGETHER = 200; // decisions in one request, as the server has it

function make_id() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));

    return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

// One tab at a time sends; where there are no locks, ids are enough.
function alone(run) {
    return navigator.locks
        ? navigator.locks.request('sluice-outbox', run) : run();
}

export class Outbox extends EventTarget {
    #key;
    #memory = []; // if this device keeps nothing
    #sending = false;
    #wanted = false;
    #timer = 0;
    #failures = 0;
    #retry = () => this.flush();

    // Events: "answered" {entry, results}, "refused" {entry, error}, and
    // "changed" when something is added, sent, or cannot be sent.
    constructor(login) {
        super();
        this.#key = `sluice.outbox.${login}`;
        window.addEventListener('online', this.#retry);
    }

    entries() {
        try {
            return JSON.parse(localStorage.getItem(this.#key)) ?? [];
        } catch {
            return this.#memory;
        }
    }

    // True while the server could not be reached at the last try.
    get stuck() {
        return this.#failures > 0;
    }

    add(action, decisions) {
        const added = [];

        for (let i = 0; i < decisions.length; i += TOGETHER)
            added.push({ id: make_id(), action,
                decisions: decisions.slice(i, i + TOGETHER) });
        this.#keep([...this.entries(), ...added]);
        this.flush();
        return added;
    }

    close() {
        clearTimeout(this.#timer);
        window.removeEventListener('online', this.#retry);
        this.#retry = () => {};
    }

    // Send what waits. What is added while that goes on is sent after it.
    async flush() {
        clearTimeout(this.#timer);
        this.#wanted = true;
        if (this.#sending)
            return;
        this.#sending = true;
        while (this.#wanted) {
            this.#wanted = false;
            await alone(() => this.#send_all());
        }
        this.#sending = false;
    }

    #keep(entries) {
        this.#memory = entries;
        try {
            localStorage.setItem(this.#key, JSON.stringify(entries));
        } catch {
            // Then they are kept for as long as the page is open.
        }
        this.#tell('changed');
    }

    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }

    async #send_all() {
        for (let [first] = this.entries(); first; [first] = this.entries()) {
            if (!await this.#send(first))
                return;
        }
        // Another window may have sent what we could not.
        if (this.#failures) {
            this.#failures = 0;
            this.#tell('changed');
        }
    }

    // True if the entry is dealt with.
    async #send(entry) {
        try {
            const { results } = await this.#post(entry);

            this.#drop(entry);
            this.#tell('answered', { entry, results });
            return true;
        } catch (error) {
            return this.#failed(entry, error);
        }
    }

    async #post(entry) {
        try {
            return await call('POST', 'actions', entry);
        } catch (error) {
            if (error.status !== 403)
                throw error;
        }
        // Signed in anew in another tab, say: our token is an old one.
        await ask_session();
        return call('POST', 'actions', entry);
    }

    #failed(entry, error) {
        const refused = error instanceof Refused;

        if (refused && error.status === 401)
            return false; // sent when somebody has signed in
        if (refused && error.status < 500 && error.status !== 429) {
            this.#drop(entry);
            this.#tell('refused', { entry, error });
            return true;
        }
        this.#failures++;
        this.#later(error.wait);
        this.#tell('changed');
        return false;
    }

    #later(seconds) {
        const wait = seconds ? seconds * 1000
            : Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.#failures);

        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#retry(), wait);
    }

    #drop(entry) {
        this.#failures = 0;
        this.#keep(this.entries().filter((one) => one.id !== entry.id));
    }
}
