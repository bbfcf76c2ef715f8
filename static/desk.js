// Keys for the list of orders. All that they do is also a link or a button.
const keys = document.querySelector(".keys");
const toggle = document.querySelector("[data-keys]");
const orders = [...document.querySelectorAll("[data-order]")];

keys.hidden = false;
show();

toggle.addEventListener("click", () => {
  localStorage.setItem("keys", areOn() ? "off" : "on");
  show();
});

addEventListener("keydown", (event) => {
  if (!areOn() || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input,select")) return;
  const act = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector("#q").focus(),
    "?": () => toggle.focus(),
  }[event.key];
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
  const next = orders.indexOf(document.activeElement) + step;
  orders[Math.min(Math.max(next, 0), orders.length - 1)]?.focus();
}
