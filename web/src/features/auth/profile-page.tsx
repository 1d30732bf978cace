// The own profile.
import { useTranslation } from "react-i18next";
import { PageFrame } from "@/ui/page.tsx";

export function ProfilePage() {
  const { t } = useTranslation();
  return <PageFrame title={t("common:nav.profile")}>{null}</PageFrame>;
}
