// All verdicts: filters, addresses that can be shared, pages, and the story
// of one comment.
import {
    ADMIN, MODERATOR, check, finish, holds, judge, open_browser, same,
    signed_in, soon, token, visit,
} from './lib.mjs';
import { some } from './comments.mjs';

const browser = await open_browser();
const { context, call, page, amiss } = await signed_in(browser, MODERATOR);
const rows = page.locator('.verdicts tbody tr');

const pills = { id: 'pills', author: 'best pills online',
    author_url: 'http://cheap-pills-24.example/buy',
    text: 'Buy cheap pills without prescription, best price, free shipping ' +
        'http://cheap-pills-24.example/buy <a href="http://cheap-pills-24' +
        '.example/now">cheap pills online</a>' };

async function all(fields) {
    const { body } = await call('GET', `verdicts?${fields}`);

    return body.items;
}

async function shown() {
    await page.locator('section[aria-label=Found][aria-busy=false]')
        .waitFor();
    return rows.locator('.c-author').evaluateAll((links) =>
        links.map((link) => Number(link.getAttribute('href').split('/')[2])));
}

// What the page shows at `hash` is what the server says to `fields`.
async function shows(hash, fields) {
    const wanted = (await all(fields)).map((one) => one.id);

    await visit(page, hash);
    await soon(shown, (ids) => ids.join() === wanted.join(),
        `${hash} shows ${wanted.length}`);
    holds(wanted.length > 0, 'nothing to show');
}

await judge(context, [pills, ...some(12, 'news')], `${token}2`);
await soon(() => all('site=news'), (items) => items.length === 13,
    'all are on record');
const [{ id }] = await all('site=news&host=cheap-pills-24.example');

await check('a site', () => shows('#/verdicts?site=news', 'site=news'));
await check('a verdict', () =>
    shows('#/verdicts?site=news&verdict=spam', 'site=news&verdict=spam'));
await check('words', () => shows('#/verdicts?q=prescription',
    'q=prescription'));
await check('an author', () => shows('#/verdicts?author=Ada+Brink+0',
    'author=Ada+Brink+0'));
await check('a host', () => shows('#/verdicts?host=cheap-pills-24.example',
    'host=cheap-pills-24.example'));
await check('what a person changed', () =>
    shows('#/verdicts?corrected=yes', 'corrected=yes'));

await check('a reason, chosen by its words', async () => {
    await visit(page, '#/verdicts?site=news&verdict=spam');
    await page.locator('summary', { hasText: 'Filters' }).waitFor();
    const { body } = await call('GET', `verdicts/${id}`);
    const [{ feature }] = body.item.reasons;

    await page.locator('select[name=reason]').selectOption(feature);
    await page.waitForURL(new RegExp(`reason=${feature}`));
    const ids = await soon(shown, (list) => list.includes(id),
        'the pills are shown');

    same(ids, (await all(`site=news&verdict=spam&reason=${feature}`))
        .map((one) => one.id));
});

await check('the address holds the filters, for a colleague', async () => {
    const other = await signed_in(browser, ADMIN);

    await other.page.goto(page.url());
    await other.page.locator('.verdicts').waitFor();
    same(await other.page.locator('select[name=verdict]').inputValue(),
        'spam');
    same(await other.page.locator('.c-author').count(), await rows.count());
    await other.context.close();
});

await check('a search typed in', async () => {
    await visit(page, '#/verdicts');
    await page.getByLabel('Search').first().fill('violin');
    await page.getByLabel('Search').first().press('Enter');
    await page.waitForURL(/q=violin/);
    const wanted = (await all('q=violin')).map((one) => one.id).join();

    await soon(shown, (ids) => ids.join() === wanted, 'violins');
});

await check('nothing found is said', async () => {
    await visit(page, '#/verdicts?q=xylophonequartet');
    await page.getByText('Nothing fits these filters').waitFor();
});

await check('today is today', async () => {
    const day = await page.evaluate(() =>
        new Date().toLocaleDateString('sv'));

    await visit(page, `#/verdicts?site=news&since=${day}&until=${day}`);
    await soon(shown, (ids) => ids.includes(id), 'today has the pills');
    await visit(page, '#/verdicts?site=news&until=2020-01-01');
    await page.getByText('Nothing fits these filters').waitFor();
});

await check('page by page, each comment once', async () => {
    const seen = [];
    const older = page.getByRole('button', { name: 'Older' });

    await visit(page, '#/verdicts');
    for (let ids = await shown(); ids.length; ) {
        const [first] = ids;

        seen.push(...ids);
        if (await older.count() === 0)
            break;
        await older.click();
        ids = await soon(shown, (now) => now.length && now[0] !== first,
            'the next page');
    }
    holds(seen.length > 100, `${seen.length} verdicts`);
    same(new Set(seen).size, seen.length);
    same(seen, [...seen].sort((a, b) => b - a));
});

await check('back leads back', async () => {
    const last = await shown();

    await page.goBack();
    await soon(shown, (ids) => ids.length && ids[0] !== last[0],
        'the page before');
});

// One comment.

await check('a click leads to its story', async () => {
    await visit(page, '#/verdicts?host=cheap-pills-24.example');
    await rows.locator('.c-author').first().click();
    await page.waitForURL(new RegExp(`#/comment/${id}$`));
    await page.getByRole('heading', { name: pills.author }).waitFor();
});

await check('where it leads is said and cannot be clicked', async () => {
    const places = page.getByRole('list', { name: 'Where it leads' });

    await places.getByText('http://cheap-pills-24.example/now').waitFor();
    await places.getByText('“cheap pills online” leads to').waitFor();
    same(await page.locator('.story a[href*=example]').count(), 0);
});

await check('the evidence is marked where it stands', async () => {
    const { body } = await call('GET', `verdicts/${id}`);
    const wanted = body.item.text.filter((part) => 'reason' in part)
        .map((part) => part.text);

    holds(wanted.length > 0, 'there is none');
    same(await page.locator('.text mark').allTextContents(), wanted);
    same(await page.locator('.text').textContent(),
        body.item.text.map((part) => part.text).join(''));
});

await check('as it was sent', async () => {
    await page.getByText('As it was sent').click();
    same(await page.locator('pre').textContent(), pills.text);
});

await check('it is explained', async () => {
    const explained = page.getByRole('region', { name: 'Explained' });

    await explained.getByText('The model of today').waitFor();
    same(await explained.locator('.path .decided').count(), 1);
    holds(await explained.locator('.reason').count() > 3, 'hardly');
});

await check('deciding here is part of the story', async () => {
    const steps = page.locator('.steps li');

    await steps.filter({ hasText: 'Judged' }).waitFor();
    await page.keyboard.press('a');
    await steps.filter({ hasText: `by ${MODERATOR.login}` }).first()
        .waitFor();
    await page.locator('.story-verdict', { hasText: 'approved' }).waitFor();
});

await check('a comment that is not there', async () => {
    await visit(page, '#/comment/999999');
    await page.getByRole('alert').waitFor();
});

await check('nothing was amiss', async () => same(amiss, []));
await browser.close();
finish();
