// Light or dark: as the system has it, until somebody chooses.
import { h, button, icon } from './dom.js';

function is_dark() {
    const { theme } = document.documentElement.dataset;

    return theme ? theme === 'dark'
        : matchMedia('(prefers-color-scheme: dark)').matches;
}

function turn(pressed) {
    const theme = is_dark() ? 'light' : 'dark';

    document.documentElement.dataset.theme = theme;
    pressed.setAttribute('aria-pressed', String(theme === 'dark'));
    try {
        localStorage.setItem('sluice.theme', theme);
    } catch {
        // Then it is for as long as the page is open.
    }
    window.dispatchEvent(new Event('themed'));
}

export function theme_button() {
    return button([icon('theme'), h('span', { class: 'unseen' }, 'Dark')],
        (event) => turn(event.currentTarget), { class: 'round',
            title: 'Light or dark', 'aria-pressed': String(is_dark()) });
}
