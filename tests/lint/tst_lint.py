#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The lint rules themselves: each must find what it is for, and leave clean code alone."""
import unittest

import check_form
import check_includes

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


class Includes(unittest.TestCase):
    def check(self, name, include, count):
        text = SPDX + f'#include "{include}"\n'
        self.assertEqual(len(check_includes.problems_of(name, text)), count, (name, include))

    def test_rules(self):
        for name, include, count in [
                ("shared/base/a.h", "master/rpc/server.h", 1),
                ("shared/base/a.h", "shared/base/clock.h", 0),
                ("agent/link/a.cpp", "master/rpc/server.h", 1),
                ("agent/link/a.cpp", "QString", 1),
                ("agent/guard/main.cpp", "agent/link/sync.h", 1),
                ("agent/guard/main.cpp", "agent/platform/process.h", 0),
                ("agent/guard/main.cpp", "grpcpp/grpcpp.h", 1),
                ("gui/models/a.h", "QWidget", 1),
                ("gui/pages/a.h", "QWidget", 0),
                ("gui/presenters/a.h", "ifrit/v1/fleet.pb.h", 1),
                ("gui/rpc/a.cpp", "ifrit/v1/fleet.pb.h", 0),
                ("master/services/a.cpp", "QSqlQuery", 1),
                ("master/storage/sql/a.cpp", "QSqlQuery", 0),
                ("master/services/a.cpp", "hiredis/hiredis.h", 1),
                ("master/rpc/a.cpp", "prometheus/counter.h", 1),
                ("master/ops/a.cpp", "microhttpd.h", 0),
                ("tests/master/a.cpp", "QSqlQuery", 0)]:
            self.check(name, include, count)


class Form(unittest.TestCase):
    def problems(self, name, text):
        return check_form.problems_of(name, text)

    def test_spdx(self):
        self.assertTrue(self.problems("shared/base/a.h", "#pragma once\n"))
        self.assertFalse(self.problems("shared/base/a.h", SPDX + "#pragma once\n"))

    def test_names(self):
        self.assertTrue(self.problems("shared/util/a.h", SPDX))
        self.assertTrue(self.problems("shared/base/helpers.h", SPDX))

    def test_sleep(self):
        call = "    std::this_thread::sleep_for(1s);\n"
        self.assertTrue(self.problems("tests/agent/tst_a.cpp", SPDX + call))
        self.assertFalse(self.problems("agent/link/a.cpp", SPDX + call))

    def test_function_length(self):
        for lines, count in [(70, 0), (90, 1)]:
            body = "    work();\n" * lines
            free = SPDX + "void run(int a) {\n" + body + "}\n"
            member = SPDX + "class A {\n    void run() {\n" + body.replace("    ", "        ") \
                + "    }\n};\n"
            long_signature = SPDX + "void run(int a,\n         int b) {\n" + body + "}\n"
            for text in (free, member, long_signature):
                self.assertEqual(len(self.problems("agent/link/a.cpp", text)), count, text[:80])

    def test_unfinished(self):
        self.assertTrue(self.problems("agent/link/a.cpp", SPDX + "// TO" + "DO: later\n"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
