// Skills with a level each: those chosen as a list, the others offered. For a person (how good) and for a line (at least).
import { NativeSelect, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/button-link.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { FormSection } from "@/ui/page.tsx";
import styles from "./staff.module.css";
import type { Skill, SkillLevel } from "./staff-queries.ts";

interface Props {
  title: string;
  text: string;
  skills: readonly Skill[];
  levels: readonly SkillLevel[];
  /** What a level means here. */
  of: "person" | "line";
  onChange: (levels: SkillLevel[]) => void;
}

const scale = [1, 2, 3, 4, 5];

export function SkillsSection({ title, text, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <FormSection
      title={title}
      text={text}
      aside={
        <ButtonLink to="/admin/skills" variant="subtle" size="xs" className={styles.whole}>
          {t("staff:person.allSkills")}
        </ButtonLink>
      }
    >
      {rest.skills.length === 0 ? (
        <p className={styles.help}>{t("staff:person.noSkills")}</p>
      ) : (
        <SkillLevels {...rest} />
      )}
    </FormSection>
  );
}

function SkillLevels({ skills, levels, of, onChange }: Omit<Props, "title" | "text">) {
  const { t } = useTranslation();
  const free = skills.filter((skill) => !levels.some((level) => level.skill_id === skill.id));
  const chosen = skills.flatMap((skill) => {
    const level = levels.find((each) => each.skill_id === skill.id);
    return level ? [{ skill, level: level.level }] : [];
  });
  const put = (id: string, level: number) =>
    onChange(levels.map((each) => (each.skill_id === id ? { ...each, level } : each)));
  return (
    <div>
      {chosen.length > 0 && (
        <ul className={styles.rows}>
          {chosen.map(({ skill, level }) => (
            <li key={skill.id} className={styles.row} data-tight data-testid="skill-level">
              <div className={styles.rowMain}>
                <p className={styles.strong}>{skill.name}</p>
                {skill.description && <p className={styles.note}>{skill.description}</p>}
              </div>
              <NativeSelect
                aria-label={t(`staff:levels.${of}`, { name: skill.name })}
                data={scale.map((value) => ({ value: String(value), label: t(`staff:level.${value}`) }))}
                value={String(level)}
                className={styles.level}
                onChange={(event) => put(skill.id, Number(event.currentTarget.value))}
                data-testid="skill-level-value"
              />
              <IconButton
                label={t("staff:levels.remove", { name: skill.name })}
                onClick={() => onChange(levels.filter((each) => each.skill_id !== skill.id))}
              >
                <IconX size={18} stroke={1.5} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {free.length > 0 && (
        <Select
          mt={chosen.length > 0 ? 12 : 0}
          aria-label={t("staff:levels.add")}
          placeholder={t("staff:levels.add")}
          data={free.map((skill) => ({ value: skill.id, label: skill.name }))}
          value={null}
          onChange={(id) => id && onChange([...levels, { skill_id: id, level: 3 }])}
          searchable
          nothingFoundMessage={t("common:nothingFound")}
          maw={360}
          data-testid="skill-level-add"
        />
      )}
    </div>
  );
}
