// Who may come in: the one-time link, signing in and out, the token against
// forged requests, roles. Makes the two accounts that the others use.
import {
    ADMIN, MODERATOR, caller, check, finish, holds, open_browser,
    open_window, same, signed_in, soon, url, visit,
} from './lib.mjs';

const browser = await open_browser();
const first = await open_window(browser);
const page = await first.context.newPage();
const set_up = process.env.PAGE_LINK;

async function fill(who) {
    await page.getByLabel('Name').fill(who.login);
    await page.getByLabel('Password', { exact: true }).fill(who.password);
}

async function fill_new(who, again = who.password) {
    await page.getByLabel('Password', { exact: true }).fill(who.password);
    await page.getByLabel('Password, once more').fill(again);
}

function account(window, { login }) {
    return window.getByRole('link', { name: `Your account: ${login}` });
}

const outcome = page.locator('.outcome');

await check('without an account the page says where the link is', async () => {
    await visit(page, '');
    await page.getByText('Nobody has an account yet').waitFor();
});

await check('a made-up link is refused', async () => {
    await visit(page, '#/setup?token=0123456789abcdef0123456789abcdef');
    await page.getByRole('alert').waitFor();
});

await check('two different passwords are refused', async () => {
    await visit(page, new URL(set_up, url).hash);
    await page.getByLabel('Name').fill(ADMIN.login);
    await fill_new(ADMIN, 'something else here');
    await page.getByRole('button', { name: 'Begin' }).click();
    await outcome.filter({ hasText: 'differ' }).waitFor();
});

await check('the link makes the first account, an admin', async () => {
    await fill_new(ADMIN);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('heading', { name: 'Queue' }).waitFor();
    await account(page, ADMIN).waitFor();
});

await check('the link works once', async () => {
    const other = caller((await open_window(browser)).context);
    const { status } = await other.call('POST', 'setup', {
        token: new URLSearchParams(set_up.split('?')[1]).get('token'),
        login: 'eve', password: ADMIN.password });

    holds(status >= 400, `answered ${status}`);
});

await check('the cookie is for the server alone', async () => {
    const cookies = await first.context.cookies();

    same(cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite]),
        [[true, 'Strict']]);
    same(await page.evaluate(() => document.cookie), '');
});

await check('signing out', async () => {
    await visit(page, '#/account');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

await check('an address asked for before is not shown', async () => {
    await visit(page, '#/settings/accounts');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

await check('a wrong password', async () => {
    await fill({ ...ADMIN, password: 'not that one at all' });
    await page.getByRole('button', { name: 'Sign in' }).click();
    await outcome.filter({ hasText: /./ }).waitFor();
    same(await page.getByRole('navigation').count(), 0);
});

await check('the right one leads where one wanted to go', async () => {
    await fill(ADMIN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('table', { name: 'Accounts' }).waitFor();
});

let link = '';

await check('an admin invites a moderator', async () => {
    await page.getByLabel('Name').fill(MODERATOR.login);
    await page.getByLabel('Role').selectOption('moderator');
    await page.getByRole('button', { name: 'Invite' }).click();
    link = await page.locator('.secret').textContent();
    await page.getByRole('row', { name: /bert.*invited/ }).waitFor();
});

const second = await open_window(browser);
const guest = await second.context.newPage();

await check('who chooses a password and is in', async () => {
    await guest.goto(link);
    await guest.getByLabel('Password', { exact: true })
        .fill(MODERATOR.password);
    await guest.getByLabel('Password, once more').fill(MODERATOR.password);
    await guest.getByRole('button', { name: 'Begin' }).click();
    await account(guest, MODERATOR).waitFor();
});

await check('a moderator sees no accounts and no audit log', async () => {
    await visit(guest, '#/settings/accounts');
    await guest.getByText('Only an admin can change these').waitFor();
    same(await guest.getByRole('navigation', { name: 'Settings' })
        .getByRole('link').allTextContents(),
    ['Thresholds', 'Lists', 'Learning and models']);
});

const moderator = await signed_in(browser, MODERATOR);

const forbidden = [
    ['GET', 'accounts'], ['GET', 'audit'],
    ['POST', 'accounts', { login: 'eve', role: 'admin' }],
    ['PATCH', 'accounts/bert', { role: 'admin' }],
    ['PUT', 'settings?site=blog', { allow: [], deny: [] }],
    ['PUT', 'models/live?site=blog', { model: null }],
    ['POST', 'learn?site=blog'],
];

for (const [method, path, body] of forbidden)
    await check(`a moderator may not ${method} ${path}`, async () => {
        same((await moderator.call(method, path, body)).status, 403);
    });

const forged = [
    ['no token', { 'X-CSRF-Token': '' }],
    ['another token', { 'X-CSRF-Token': 'f'.repeat(64) }],
    ['another origin', { Origin: 'http://evil.example' }],
    ['a form', { 'Content-Type': 'text/plain' }],
];

for (const [name, headers] of forged)
    await check(`refused: a change with ${name}`, async () => {
        const { status } = await moderator.call('POST', 'actions',
            { id: 'forged-0001', action: 'spam', decisions: [1] }, headers);

        holds([400, 403, 415].includes(status), `answered ${status}`);
    });

const stranger = caller((await open_window(browser)).context);

for (const path of ['queue', 'verdicts', 'verdicts/1', 'stats?site=blog',
    'settings?site=blog', 'models?site=blog', 'facets', 'accounts', 'audit',
    'events'])
    await check(`strangers do not get ${path}`, async () => {
        same((await stranger.call('GET', path)).status, 401);
    });

await check('own password', async () => {
    const fresh = 'brand new words for bert';

    await visit(guest, '#/account');
    await guest.getByLabel('Password now').fill(MODERATOR.password);
    await guest.getByLabel('New password', { exact: true }).fill(fresh);
    await guest.getByLabel('New password, once more').fill(fresh);
    await guest.getByRole('button', { name: 'Change it' }).click();
    await guest.getByText('signed out everywhere else').waitFor();
    same((await moderator.call('GET', 'queue')).status, 401);
    MODERATOR.now = fresh;
});

await check('and back again', async () => {
    const { call, sign_in } = caller(second.context);

    await sign_in({ login: MODERATOR.login, password: MODERATOR.now });
    same((await call('PUT', 'password', { old: MODERATOR.now,
        new: MODERATOR.password })).status, 200);
});

await check('a session that ends asks who it is', async () => {
    const { call, context, page: window } = await signed_in(browser, ADMIN);

    await visit(window, '#/verdicts');
    same((await call('DELETE', 'sessions')).status, 204);
    await window.getByRole('link', { name: 'How it is doing' }).click();
    await window.getByRole('heading', { name: 'Sign in' }).waitFor();
    await context.close();
});

await check('headers of the page', async () => {
    const answer = await first.context.request.get(url);
    const policy = answer.headers()['content-security-policy'];

    holds(/default-src 'none'/.test(policy), policy);
    holds(!/unsafe|\*|https?:/.test(policy), policy);
    same(answer.headers()['x-content-type-options'], 'nosniff');
});

await check('too many tries are slowed down', async () => {
    const { status, headers } = await soon(() => stranger.call('POST',
        'session', { login: 'nobody', password: 'guess after guess' }),
    (answer) => answer.status !== 401, 'a try is refused at once');

    same(status, 429);
    holds(Number(headers['retry-after']) > 0, 'no Retry-After');
});

await check('nothing was amiss', async () =>
    same([...first.amiss, ...second.amiss, ...moderator.amiss], []));
await browser.close();
finish();
