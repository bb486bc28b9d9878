// Loaded before the page is painted, so that a chosen theme does not flash.
(() => {
    let theme = null;

    try {
        theme = localStorage.getItem('sluice.theme');
    } catch {
        // Storage may be forbidden; the system's theme will do.
    }
    if (theme === 'dark' || theme === 'light')
        document.documentElement.dataset.theme = theme;
})();
