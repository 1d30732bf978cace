import { expect, test } from "vitest";
import { Ticker } from "./ticker.ts";

function world() {
  const state = { now: 0, hidden: false, planned: [] as { run: () => void; delay: number }[] };
  const ticker = new Ticker({
    now: () => state.now,
    hidden: () => state.hidden,
    later: (run, delay) => {
      const plan = { run, delay };
      state.planned.push(plan);
      return () => {
        state.planned = state.planned.filter((other) => other !== plan);
      };
    },
  });
  const pass = () => {
    const [next] = state.planned.splice(0, 1);
    if (!next) throw new Error("nothing is planned");
    state.now += next.delay;
    next.run();
  };
  return { state, ticker, pass, delays: () => state.planned.map(({ delay }) => delay) };
}

test("one timer serves everybody, at the pace of the nearest", () => {
  const { ticker, pass, delays } = world();
  const seen: number[] = [];
  const stopFar = ticker.watch(() => seen.push(ticker.now), 3_600_000);
  expect(delays()).toEqual([15_000]);
  const stopNear = ticker.watch(() => seen.push(-ticker.now), 130_000);
  expect(delays()).toEqual([15_000]);
  pass();
  expect(seen).toEqual([15_000, -15_000]);
  expect(delays()).toEqual([1_000]);
  stopNear();
  pass();
  expect(seen.at(-1)).toBe(16_000);
  expect(delays()).toEqual([15_000]);
  stopFar();
  expect(delays()).toEqual([]);
});

test("a hidden tab does not tick, and catches up when it is shown", () => {
  const { state, ticker, delays } = world();
  let ticks = 0;
  ticker.watch(() => ticks++, 60_000);
  state.hidden = true;
  ticker.turn();
  expect(delays()).toEqual([]);
  state.now = 50_000;
  state.hidden = false;
  ticker.turn();
  expect([ticks, ticker.now]).toEqual([1, 50_000]);
  expect(delays()).toEqual([1_000]);
});

test("what comes and goes does not put the next tick off", () => {
  const { state, ticker, pass } = world();
  let ticks = 0;
  ticker.watch(() => ticks++, 3_600_000);
  state.now = 10_000;
  ticker.watch(() => {}, 3_600_000)();
  // The tick that was planned at the beginning is still the one that comes.
  state.now = 0;
  pass();
  expect([ticks, state.now]).toEqual([1, 15_000]);
});
