// Optional comforts: every page works without this file.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches(".theme") && event.submitter) return chooseTheme(event);
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(release, 8000);
});

// A page that comes back from the browser's memory, or whose sending was stopped, may be sent again.
addEventListener("pageshow", release);

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

function chooseTheme(event) {
  event.preventDefault();
  const form = event.target, chosen = event.submitter;
  fetch(form.action, { method: "post", body: new FormData(form, chosen), redirect: "manual" });
  if (chosen.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen.value;
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button === chosen);
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const local = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime*=T]"))
  time.title = `${local.format(new Date(time.dateTime))} (${zone})`;

for (const details of document.querySelectorAll("details[id]")) {
  const key = `${location.pathname}#${details.id}`;
  if (sessionStorage.getItem(key)) details.open = true;
  details.addEventListener("toggle", () => sessionStorage.setItem(key, details.open ? "open" : ""));
}

// A menu folds when the person turns to something else.
for (const menu of document.querySelectorAll(".menu")) {
  const away = (event) => event.relatedTarget && !menu.contains(event.relatedTarget) && (menu.open = false);
  menu.addEventListener("focusout", away);
  addEventListener("pointerdown", (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

document.querySelector("[data-focus]")?.focus();
