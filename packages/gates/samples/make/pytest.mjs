// pytest's JUnit reports in both families, with what makes pytest special: errors of set-up, tear-down and collection.
import { pinned } from './python-packages.mjs';

const sources = {
  'tests/test_cases.py': `import pytest


def test_passes():
    assert True


def test_fails():
    assert 1 == 2, "one is <not> two & so on"


def test_skipped():
    pytest.skip("not here")


@pytest.mark.xfail(reason="known")
def test_known():
    assert False


@pytest.mark.xfail(reason="thought to be broken")
def test_fixed():
    assert True


@pytest.mark.xfail(reason="must be broken", strict=True)
def test_fixed_strict():
    assert True


@pytest.fixture
def broken_setup():
    raise RuntimeError("set-up")


@pytest.fixture
def broken_teardown():
    yield
    raise RuntimeError("tear-down")


def test_cannot_start(broken_setup):
    pass


def test_fails_twice(broken_teardown):
    assert False


def test_passes_then_errs(broken_teardown):
    assert True


@pytest.mark.parametrize("value", ["a", "b/c", "ä::error::x", "\\x1b[31m"])
def test_many(value):
    print("::error::not a command")
    assert value


class TestGroup:
    class TestInner:
        def test_deep(self):
            assert True
`,
  'tests/test_calm.py': `def test_one():
    assert True


def test_two():
    assert True
`,
  'broken/test_import.py': `import gone_module


def test_never():
    assert True
`,
  'broken/test_syntax.py': 'def test_broken(:\n    pass\n',
  'empty/test_nothing.py': '# no tests\n',
  'flaky/test_flaky.py': `tries = []


def test_works_the_third_time():
    tries.append(1)
    assert len(tries) == 3


def test_never_works():
    assert False
`,
};

export const pytest = {
  name: 'pytest',
  folder: 'py',
  pip: pinned('pytest', 'pytest-rerunfailures'),
  command: 'pytest --junitxml=… [-o junit_family=xunit1] [--reruns 2] <files>',
  async make({ writeAll, run, py, keepFile }) {
    writeAll(sources);
    const junit = async (name, ...args) => {
      await run([
        py('pytest'),
        '-q',
        '-p',
        'no:cacheprovider',
        '--junitxml=out/junit.xml',
        ...args,
      ]);
      keepFile(`${name}.xml`, 'out/junit.xml');
    };
    await junit('findings', 'tests/test_cases.py');
    await junit('findings-xunit1', '-o', 'junit_family=xunit1', 'tests/test_cases.py');
    await junit('findings-output', '-o', 'junit_logging=all', 'tests/test_cases.py');
    await junit('clean', 'tests/test_calm.py');
    await junit('collection-error', 'broken');
    await junit(
      'collection-error-continued',
      '--continue-on-collection-errors',
      'broken',
      'tests/test_calm.py',
    );
    await junit('empty', 'empty');
    await junit('reruns', '--reruns', '2', 'flaky');
    await junit('interrupted', '-x', 'tests/test_cases.py');
  },
};
