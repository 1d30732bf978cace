// The browser tab: "(3) Page, Otklik". The counter is what waits for the person, the rest is where they are.

let page = "";
let waiting = 0;

function show(): void {
  const name = page ? `${page} · Otklik` : "Otklik";
  document.title = waiting > 0 ? `(${waiting}) ${name}` : name;
}

export function setTitle(next: string): void {
  page = next;
  show();
}

export function setWaiting(next: number): void {
  waiting = next;
  show();
}
