// The arrows go over the cards of the board; M opens the menu of the card in focus.
import type { KeyboardEvent } from "react";

const steps: Record<string, [column: number, card: number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
const link = "[data-card] > a";

export function goOverCards(event: KeyboardEvent<HTMLElement>): void {
  const focused = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(link) : null;
  if (!focused || event.ctrlKey || event.metaKey || event.altKey) return;
  // By the key, not by the letter: it is the same on a Russian layout.
  if (event.code === "KeyM") {
    event.preventDefault();
    event.stopPropagation();
    focused.parentElement?.querySelector<HTMLElement>("[data-move]")?.click();
    return;
  }
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const columns = [...event.currentTarget.querySelectorAll("[data-column]")].map((column) => [
    ...column.querySelectorAll<HTMLElement>(link),
  ]);
  const at = columns.findIndex((cards) => cards.includes(focused));
  const place = columns[at]?.indexOf(focused) ?? 0;
  if (step[1] !== 0) {
    columns[at]?.[place + step[1]]?.focus();
    return;
  }
  // Columns without cards are passed over.
  for (let next = at + step[0]; next >= 0 && next < columns.length; next += step[0]) {
    const cards = columns[next] ?? [];
    const card = cards[Math.min(place, cards.length - 1)];
    if (!card) continue;
    card.focus();
    return;
  }
}

/** After a move by the menu the focus stays on the card, wherever it lies now. */
export function focusCard(id: string): void {
  setTimeout(() => document.querySelector<HTMLElement>(`[data-card="${id}"] > a`)?.focus(), 50);
}
