// Keys for the list of orders. All that they do is also a link or a button.
const $ = (name) => document.querySelector(name);
const keys = $(".keys"), toggle = $("[data-keys]"), help = $(".keys dialog");
const orders = [...document.querySelectorAll("[data-order]")];
const acts = {
  j: () => move(1),
  k: () => move(-1),
  a: assign,
  "/": () => $("#q").focus(),
  "?": () => help.showModal(),
};

keys.hidden = false;
show();
$("[data-help]").addEventListener("click", acts["?"]);
toggle.addEventListener("click", () => {
  document.cookie = `keys=${areOn() ? "off" : "on"};path=/;max-age=31536000;samesite=lax`;
  show();
});
addEventListener("keydown", (event) => {
  const act = acts[event.key];
  if (!act || !areOn() || help.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]),select,textarea")) return;
  event.preventDefault();
  act();
});

function areOn() {
  return !document.cookie.includes("keys=off");
}

function show() {
  toggle.textContent = areOn() ? "Keys are on – switch them off" : "Keys are off – switch them on";
}

function row() {
  return orders.findIndex((order) => order.closest("tr").contains(document.activeElement));
}

function move(step) {
  orders[Math.min(Math.max(row() + step, 0), orders.length - 1)]?.focus();
}

function assign() {
  if (row() >= 0) orders[row()].closest("tr").querySelector("input").checked = true;
  $("#manager")?.focus();
}
