// Runs before the first paint, so that a chosen theme and a folded rail never flash. Loaded as a classic script.
for (const name of ["theme", "rail"]) {
  const choice = document.cookie.match(`(?:^|; )${name}=(\\w+)`)?.[1];
  if (choice) document.documentElement.dataset[name] = choice;
}
