// Keys for the list of orders: j and k move, Enter opens, / searches, ? shows the keys. All of it is also a link.
const keys = document.querySelector(".keys");
const toggle = document.querySelector("[data-keys]");
const orders = [...document.querySelectorAll("[data-order]")];

keys.hidden = false;
show();

toggle.addEventListener("click", () => {
  if (areOn()) localStorage.setItem("keys", "off");
  else localStorage.removeItem("keys");
  show();
});

addEventListener("keydown", (event) => {
  if (!areOn() || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const act = { j: () => move(1), k: () => move(-1), "/": search, "?": showKeys }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

function areOn() {
  return localStorage.getItem("keys") !== "off";
}

function show() {
  toggle.textContent = areOn() ? "Keys are on – switch them off" : "Keys are off – switch them on";
}

function move(step) {
  if (!orders.length) return;
  const here = orders.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : orders.length - 1) : here + step;
  orders[Math.min(Math.max(next, 0), orders.length - 1)].focus();
}

function search() {
  document.querySelector("#q").focus();
}

function showKeys() {
  toggle.focus();
}
