// Runs before anything is painted, as a classic script of its own: the theme, and what html[data-…] says until the client knows more. It
// imports nothing, so the names of what is stored stand here too (app/storage.ts).
(() => {
  const root = document.documentElement;
  const stored = (key: string): string | null => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;  // A browser that forbids storage.
    }
  };

  const chosen = stored('belfry.theme');
  const setting = chosen === 'light' || chosen === 'dark' ? chosen : 'system';
  const theme = setting === 'system' ? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light') : setting;
  root.dataset['theme'] = theme;
  root.dataset['themeSetting'] = setting;
  root.dataset['app'] = 'starting';
  root.dataset['connection'] = navigator.onLine ? 'connecting' : 'offline';
  root.dataset['sound'] = 'none';
  // Somebody was signed in here and the address is not that of a form: the frame of home may be shown.
  const form = /^\/(login|signup)\/?$/.test(location.pathname);
  root.dataset['frame'] = stored('belfry.user') !== null && !form ? 'home' : 'wall';

  const color = document.createElement('meta');
  color.name = 'theme-color';
  color.content = theme === 'dark' ? '#0f1419' : '#f9f6f2';
  document.head.append(color);
})();
