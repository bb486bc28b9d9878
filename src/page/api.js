// The only module that talks to the server. A request either answers, throws
// Refused with the server's words, or Unreached when there was no answer.

const PATIENCE_MS = 20000;
let csrf = '1';

export class Refused extends Error {
    constructor(status, error, wait) {
        super(error?.message ?? `The server answered ${status}.`);
        this.status = status;
        this.code = error?.code ?? '';
        this.wait = wait; // seconds
    }
}

export class Unreached extends Error {
    constructor() {
        super('sluice can\'t be reached.');
    }
}

async function reach(method, path, body) {
    const headers = {};

    if (method !== 'GET')
        headers['X-CSRF-Token'] = csrf;
    if (body !== undefined)
        headers['Content-Type'] = 'application/json';
    try {
        const answer = await fetch(`/v1/page/${path}`, {
            method, headers, body: JSON.stringify(body),
            credentials: 'same-origin', cache: 'no-store',
            signal: AbortSignal.timeout(PATIENCE_MS),
        });

        return { answer, text: await answer.text() };
    } catch {
        throw new Unreached();
    }
}

function parse(text) {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

async function ask(method, path, body) {
    const { answer, text } = await reach(method, path, body);
    const found = parse(text);

    if (answer.ok)
        return { found, answer };
    if (answer.status === 401 && path !== 'session')
        window.dispatchEvent(new Event('signed-out'));
    throw new Refused(answer.status, found?.error,
        Number(answer.headers.get('Retry-After')) || 0);
}

export async function call(method, path, body) {
    return (await ask(method, path, body)).found;
}

// query('verdicts', { q: 'x', host: '' }) is "verdicts?q=x".
export function query(path, fields) {
    const given = Object.entries(fields ?? {})
        .filter(([, value]) => value !== undefined && value !== null &&
            value !== '');

    return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

export function get(path, fields) {
    return call('GET', query(path, fields));
}

// With the server's time, to the second, before which all of it was known.
export async function get_dated(path, fields) {
    const { found, answer } = await ask('GET', query(path, fields));

    return { ...found, asked_ms: Date.parse(answer.headers.get('Date')) };
}

// Whoever we are now; the token of later requests comes with it.
export function take_session(session) {
    csrf = session.csrf ?? '1';
    return session;
}

export async function ask_session() {
    return take_session(await get('session'));
}
