// First run.
export function SetupPage() {
  return <main />;
}
