// Java's reports from one Maven build: Surefire with reruns, JaCoCo and Checkstyle.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const plugin = (group, artifact, version, more = '') =>
  `<plugin><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${more}</plugin>`;

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>sample</artifactId>
  <version>1.0</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <version>5.13.4</version>
      <scope>test</scope>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      ${plugin('org.apache.maven.plugins', 'maven-compiler-plugin', '3.14.1')}
      ${plugin(
        'org.apache.maven.plugins',
        'maven-surefire-plugin',
        '3.5.4',
        '<configuration><rerunFailingTestsCount>2</rerunFailingTestsCount><testFailureIgnore>true</testFailureIgnore></configuration>',
      )}
      ${plugin(
        'org.jacoco',
        'jacoco-maven-plugin',
        '0.8.14',
        '<executions><execution><goals><goal>prepare-agent</goal><goal>report</goal></goals></execution></executions>',
      )}
      ${plugin('org.apache.maven.plugins', 'maven-checkstyle-plugin', '3.6.0')}
    </plugins>
  </build>
</project>
`;

const sources = {
  'src/main/java/com/example/Basket.java': `package com.example;

public class Basket {
  public int total(int a, int b) {
    if (a > 100 && b > 0) {
      return 100;
    }
    return a + b;
  }

  public int never() { return 0; }

  static class Inner {
    int one() { return 1; }
  }
}
`,
  'src/test/java/com/example/FindingsTest.java': `package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FindingsTest {
  @Test
  void passes() {
    System.out.println("::error::not a command ]]> <&>");
    assertEquals(3, new Basket().total(1, 2));
  }

  @Test
  void fails() {
    assertEquals(4, new Basket().total(1, 2), "three is <not> four");
  }

  @Test
  void errs() {
    throw new IllegalStateException("unexpected");
  }

  @Test
  @Disabled("not here")
  void skipped() {}

  @Test
  void worksTheSecondTime() throws Exception {
    Path tried = Path.of("target/tried");
    if (!Files.exists(tried)) {
      Files.createFile(tried);
      throw new AssertionError("not yet");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b/c"})
  void many(String value) {}

  @Nested
  class Inside {
    @Test
    void deep() {}
  }
}
`,
  'src/test/java/com/example/CalmTest.java': `package com.example;

import org.junit.jupiter.api.Test;

class CalmTest {
  @Test
  void one() {
    new Basket().total(1, 2);
  }

  @Test
  void two() {}
}
`,
  'src/test/java/com/example/SetUpTest.java': `package com.example;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SetUpTest {
  @BeforeAll
  static void setUp() {
    throw new IllegalStateException("set-up");
  }

  @Test
  void cannotRun() {}
}
`,
  'src/test/java/com/example/TearDownTest.java': `package com.example;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TearDownTest {
  @AfterAll
  static void tearDown() {
    throw new IllegalStateException("tear-down");
  }

  @Test
  void passes() {}
}
`,
};

/** Properties of the whole machine stand in each report. */
const withoutProperties = (xml) =>
  xml.replace(
    /<properties>[\s\S]*?<\/properties>/,
    '<properties>\n    <property name="java.specification.version" value="17"/>\n  </properties>',
  );

export const maven = {
  name: 'maven',
  version: 'surefire 3.5.4, jacoco 0.8.14, checkstyle plugin 3.6.0',
  command: 'mvn verify checkstyle:checkstyle',
  async make({ tree, write, writeAll, run, keep, keepFile, read }) {
    writeAll(sources);
    write('pom.xml', pom);
    const built = await run(['mvn', '-q', '-B', 'verify', 'checkstyle:checkstyle']);
    if (built.code !== 0) throw new Error(built.stdout.slice(-800));
    const reports = readdirSync(join(tree, 'target/surefire-reports')).filter((name) =>
      name.endsWith('.xml'),
    );
    for (const name of reports.toSorted()) {
      const kept = name.replace('TEST-com.example.', 'surefire.');
      keep(kept, withoutProperties(read(`target/surefire-reports/${name}`)));
    }
    keepFile('jacoco.xml', 'target/site/jacoco/jacoco.xml');
    keepFile('checkstyle.xml', 'target/checkstyle-result.xml');
  },
};
