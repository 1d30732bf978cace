import { expect, test } from "vitest";
import { checkUser, emptyUser, generatePassword, newUser, userPatch } from "./user-form.ts";

const key = (name: string) => name;

test("a password that was not typed is not sent", () => {
  expect(newUser({ ...emptyUser, name: "Анна" })).not.toHaveProperty("password");
  expect(newUser({ ...emptyUser, password: "длинный пароль" })).toHaveProperty("password", "длинный пароль");
  expect(userPatch({ name: "Анна", password: "" })).toEqual({ name: "Анна" });
});

test("every wrong field is named at once", () => {
  expect(checkUser(emptyUser, key)).toEqual({
    name: "admin:required",
    email: "admin:user.wrongEmail",
    role_id: "admin:required",
  });
  const good = { ...emptyUser, name: "Анна", email: "anna@desk.test", role_id: "1" };
  expect(checkUser(good, key)).toEqual({});
  expect(checkUser({ ...good, password: "1234567" }, key)).toEqual({ password: "admin:user.shortPassword" });
});

test("a generated password has four groups of four signs that cannot be mistaken", () => {
  const counting = (size: number) => Uint8Array.from({ length: size }, (_, index) => (index * 37) % 256);
  const password = generatePassword(counting);
  expect(password).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  expect(password).not.toMatch(/[ilo01]/);
  const all255 = generatePassword(
    (() => {
      let calls = 0;
      return (size: number) => new Uint8Array(size).fill(calls++ === 0 ? 255 : 0);
    })(),
  );
  expect(all255).toBe("aaaa-aaaa-aaaa-aaaa");
});
