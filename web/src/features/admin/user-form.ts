// A member of staff as the form holds him. Pure.
import type { NewUser, User, UserPatch } from "@/api/types.ts";
import { isEmail } from "@/lib/text.ts";

export interface UserValues {
  name: string;
  email: string;
  password: string;
  role_id: string;
  group_ids: string[];
}

export const emptyUser: UserValues = { name: "", email: "", password: "", role_id: "", group_ids: [] };

export function userValues(user: User): UserValues {
  return {
    name: user.name,
    email: user.email,
    password: "",
    role_id: user.role.id,
    group_ids: user.groups.map((group) => group.id),
  };
}

/** Without a password the account exists, but nobody can sign in with it yet. */
export function newUser({ password, ...rest }: UserValues): NewUser {
  return password === "" ? rest : { ...rest, password };
}

export function userPatch({ password, ...changed }: Partial<UserValues>): UserPatch {
  return password ? { ...changed, password } : changed;
}

export function checkUser(
  values: UserValues,
  t: (key: string) => string,
): Partial<Record<keyof UserValues, string>> {
  const { name, email, password, role_id } = values;
  const found: Partial<Record<keyof UserValues, string>> = {};
  if (name.trim() === "") found.name = t("admin:required");
  if (!isEmail(email)) found.email = t("admin:user.wrongEmail");
  if (password !== "" && [...password].length < 8) found.password = t("admin:user.shortPassword");
  if (role_id === "") found.role_id = t("admin:required");
  return found;
}

const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/** Sixteen signs without look-alikes, in groups of four: easy to dictate, 79 bits. */
export function generatePassword(random: (size: number) => Uint8Array): string {
  const signs: string[] = [];
  while (signs.length < 16) {
    // Bytes above the last whole multiple would favour the first letters.
    for (const byte of random(32)) {
      const sign = byte < letters.length * 8 ? letters[byte % letters.length] : undefined;
      if (sign && signs.length < 16) signs.push(sign);
    }
  }
  return [0, 4, 8, 12].map((from) => signs.slice(from, from + 4).join("")).join("-");
}
