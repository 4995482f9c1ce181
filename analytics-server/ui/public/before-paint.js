// Runs before the first paint: applies the stored theme and language to <html>.
(function () {
  try {
    var theme = localStorage.getItem("analytics.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    var language = localStorage.getItem("analytics.language");
    if (language === "en" || language === "ja") document.documentElement.lang = language;
  } catch (_) {
    // Storage may be forbidden: the system's theme and the workspace's language are used.
  }
})();
