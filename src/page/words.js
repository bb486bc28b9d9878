// How numbers, times and verdicts are put into words.

const number = new Intl.NumberFormat('en');
const day = new Intl.DateTimeFormat('en-GB',
    { day: 'numeric', month: 'short', year: 'numeric' });
const moment = new Intl.DateTimeFormat('en-GB',
    { dateStyle: 'medium', timeStyle: 'short' });

export const VERDICTS = ['approve', 'hold', 'spam'];

// What may be done with a comment, before and after.
export const LABEL = { approve: 'Approve', spam: 'Spam', hold: 'Hold' };
export const DONE = { approve: 'Approved', spam: 'Marked as spam',
    hold: 'Left for later' };

const done = { approve: 'approved', hold: 'held', spam: 'spam',
    trash: 'in the bin' };

export function verdict_words(verdict) {
    return done[verdict] ?? verdict;
}

const states = {
    pending: 'on its way to the site', applied: 'done at the site',
    kept: 'kept here', answered: 'answered at once', undone: 'taken back',
    skipped: 'a person at the site was faster', gone: 'gone from the site',
    failed: 'failed', said: 'said at the site',
};

// How far a decision has come.
export function state_words(state) {
    return states[state] ?? state;
}

// Reasons whose words are alike are told apart by their names, which are in
// the field `name`.
export function told_apart(reasons, name) {
    const often = new Map();

    for (const { words } of reasons)
        often.set(words, (often.get(words) ?? 0) + 1);
    return reasons.map((one) => ({ ...one, words: !one.words ? one[name]
        : often.get(one.words) > 1 ? `${one.words} (${one[name]})`
            : one.words }));
}

export function count(n) {
    return number.format(n);
}

// count_of(1, 'comment') is "1 comment"; of 2, "2 comments".
export function count_of(n, noun, plural = `${noun}s`) {
    return `${count(n)} ${n === 1 ? noun : plural}`;
}

// As the program says it: "<1 %", "97 %", ">99 %".
export function percent(p) {
    if (p < 0.01)
        return '<1 %';
    return p > 0.99 ? '>99 %' : `${Math.round(p * 100)} %`;
}

// A share so small that it is better said as "1 in 480".
export function one_in(share) {
    return share > 0 ? `1 in ${count(Math.round(1 / share))}` : 'none';
}

const step = [
    [60, 1, 'second'], [3600, 60, 'min', 'min'], [86400, 3600, 'hour'],
    [30 * 86400, 86400, 'day'],
];

export function age(ms, now = Date.now()) {
    const seconds = Math.max(0, (now - ms) / 1000);
    const fit = step.find(([below]) => seconds < below);

    if (!fit)
        return day.format(ms);
    if (fit[2] === 'second')
        return 'just now';
    return `${count_of(Math.floor(seconds / fit[1]), ...fit.slice(2))} ago`;
}

// "0.2 ms", "30 s", "1 h".
export function duration(ms) {
    const [unit, size] = [['h', 3600000], ['min', 60000], ['s', 1000]]
        .find(([, length]) => ms >= length) ?? ['ms', 1];

    return `${+(ms / size).toPrecision(2)} ${unit}`;
}

export function when(ms) {
    return moment.format(ms);
}

export function iso(ms) {
    return new Date(ms).toISOString();
}
