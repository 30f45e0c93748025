// One environment holds every Python tool.
const packages = [
  'pytest==9.2.0',
  'pytest-cov==7.1.0',
  'pytest-rerunfailures==16.7',
  'coverage==7.17.3',
  'ruff==0.17.5',
  'flake8==7.5.0',
  'mypy==2.4.1',
  'pylint==4.1.4',
  'pip-audit==2.10.1',
  'detect-secrets==1.5.0',
  'gcovr==8.4',
];
/** The pinned packages of these names. */
export const pinned = (...names) =>
  packages.filter((pin) => names.some((name) => pin.startsWith(`${name}==`)));
