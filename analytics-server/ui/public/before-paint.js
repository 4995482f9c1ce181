// Runs before the first paint: puts the theme and the language on <html>.
(function () {
  var root = document.documentElement;
  var theme = null;
  try {
    theme = localStorage.getItem("theme");
    var language = localStorage.getItem("language");
    if (language === "en" || language === "ja") root.lang = language;
  } catch (_) {
    // Storage may be forbidden: the system's theme and the workspace's language are used.
  }
  if (theme !== "light" && theme !== "dark") theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = theme;
})();
