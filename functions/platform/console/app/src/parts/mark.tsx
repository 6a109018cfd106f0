export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M5 20h22M8 20v-3a8 8 0 0 1 16 0v3M12.500 20v-8M19.500 20v-8M8 20v4M24 20v4" />
    </svg>
  );
}
