import { describe, expect, it } from "vitest";
import { gender } from "./gender.ts";
import { capped, fileSize, initials, isEmail, parseAddress } from "./text.ts";

describe("text", () => {
  it("initials", () => {
    expect(initials("Анна Сергеевна Ким")).toBe("АК");
    expect(initials("ООО «Ромашка»")).toBe("ОР");
    expect(initials("anna.kim@example.ru")).toBe("A");
    expect(initials("")).toBe("?");
  });
  it("counters that are cut off say so", () => {
    expect(capped(999, 1000)).toBe("999");
    expect(capped(1000, 1000)).toBe("1000+");
  });
  it("file sizes", () => {
    expect(fileSize(512, "ru")).toBe("512 Б");
    expect(fileSize(1536, "ru")).toBe("1,5 КБ");
    expect(fileSize(25 * 1024 * 1024, "en")).toBe("25 MB");
  });
  it("addresses", () => {
    expect(isEmail("anna@пример.рф")).toBe(true);
    expect(isEmail("anna@local")).toBe(false);
    expect(parseAddress("Анна Ким <anna@example.ru>")).toEqual({
      name: "Анна Ким",
      address: "anna@example.ru",
    });
    expect(parseAddress("anna@example.ru")).toEqual({ name: null, address: "anna@example.ru" });
    expect(parseAddress("Анна")).toBeNull();
  });
  it("the verb agrees with the name", () => {
    for (const name of ["Анна Ким", "Ольга Петровна", "Смирнова Любовь", "Мария"])
      expect(gender(name)).toBe("female");
    for (const name of ["Игорь Орлов", "Никита Белов", "Илья", "Дмитрий Ким", "Кузьма Минин"])
      expect(gender(name)).toBe("male");
  });
});
