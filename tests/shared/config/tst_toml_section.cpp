// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/config/toml_section.h"

using namespace ifrit;
using config::Presence;
using config::TomlSection;

namespace {

struct Values {
    std::string name;
    std::uint32_t count = 7;
    bool flag = false;
    double share = 0.5;
    std::chrono::milliseconds wait{1};
    std::chrono::milliseconds life{1};
    std::vector<std::string> list;
    std::map<std::string, std::string> map;
    std::string inner;
};

absl::Status readAll(std::string_view text, Values& out) {
    const config::TomlRules rules{"A_REASON", 8, 2};
    IFRIT_ASSIGN_OR_RETURN(const toml::table table, config::parseToml(text, "f.toml", rules));
    TomlSection top(table, "f.toml", "", rules);
    top.read("name", out.name, Presence::Required);
    if (out.name == "bad") top.reject("name", "is not good");
    top.read("count", out.count, 1, 9);
    top.read("flag", out.flag);
    top.read("share", out.share, 0.0, 2.0);
    top.read("wait", out.wait);
    top.read("life", out.life, std::chrono::hours(60 * 24));
    top.read("list", out.list);
    top.read("map", out.map);
    if (const toml::table* nested = top.section("nested")) {
        TomlSection in(*nested, top, "nested");
        in.read("inner", out.inner, Presence::Required);
        top.note(in.finish());
    }
    if (const toml::array* rows = top.sections("rows")) {
        for (const toml::node& row : *rows) {
            TomlSection in(*row.as_table(), top, "rows");
            in.read("inner", out.inner, Presence::Required);
            top.note(in.finish());
        }
    }
    return top.finish();
}

}  // namespace

class TestTomlSection : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEveryKind() {
        Values values;
        const absl::Status status = readAll(
            "name = 'a'\ncount = 3\nshare = 1.5\nlife = '60d'\nflag = true\nwait = '2s'\nlist = "
            "['x', 'y']\nmap = {k = 'v'}\n"
            "[nested]\ninner = 'i'\n[[rows]]\ninner = 'j'\n",
            values);
        QVERIFY2(status.ok(), status.ToString().c_str());
        QCOMPARE(values.count, 3U);
        QCOMPARE(values.share, 1.5);
        QVERIFY(values.life == std::chrono::hours(60 * 24));
        QVERIFY(values.flag);
        QVERIFY(values.wait == std::chrono::seconds(2));
        QCOMPARE(values.list.size(), std::size_t{2});
        QCOMPARE(values.map["k"], std::string("v"));
        QCOMPARE(values.inner, std::string("j"));
    }

    void whatIsAbsentStaysAsItWas() {
        Values values;
        QVERIFY(readAll("name = 'a'", values).ok());
        QCOMPARE(values.count, 7U);
        QVERIFY(values.wait == std::chrono::milliseconds(1));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* text, const char* message) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(message);
        };
        row("name = ", "f.toml:1: not TOML: ");
        row("\nnmae = 'a'", "f.toml:2: nmae: is not a known key; did you mean name?");
        row("name = 'a'\nzzzzzz = 1", "f.toml:2: zzzzzz: is not a known key; known here: name, ");
        row("flag = true", "f.toml:1: name: is missing");
        row("name = 3", "f.toml:1: name: must be a text in quotes");
        row("name = 'more than 8'", "f.toml:1: name: must be a text of at most 8 bytes");
        row("name = \"a\\u0000\"", "f.toml:1: name: must be a text of at most 8 bytes without NUL");
        row("name = 'bad'\ncount = 10", "f.toml:1: name: is not good");
        row("name = 'a'\ncount = 10", "f.toml:2: count: must be a whole number from 1 to 9");
        row("name = 'a'\ncount = 1.5", "f.toml:2: count: must be a whole number");
        row("name = 'a'\nflag = 1", "f.toml:2: flag: must be true or false");
        row("name = 'a'\nwait = 5", "f.toml:2: wait: must be a duration in quotes");
        row("name = 'a'\nwait = '31d'", "f.toml:2: wait: '31d' ");
        row("name = 'a'\nlife = '61d'", "f.toml:2: life: '61d' ");
        row("name = 'a'\nshare = 2.01", "f.toml:2: share: must be a number from 0 to 2");
        row("name = 'a'\nshare = nan", "f.toml:2: share: must be a number from 0 to 2");
        row("name = 'a'\nshare = '1'", "f.toml:2: share: must be a number from 0 to 2");
        row("name = 'a'\nwait = '5'", "f.toml:2: wait: '5' is not a duration");
        row("name = 'a'\nlist = 'x'", "f.toml:2: list: must be a list of texts");
        row("name = 'a'\nlist = ['x', 1]", "f.toml:2: list: must be a list of texts");
        row("name = 'a'\nlist = ['x', 'y', 'z']", "f.toml:2: list: must be a list of at most 2");
        row("name = 'a'\n[map]\nk = 1", "f.toml:2: map: k must be a text in quotes");
        row("name = 'a'\nnested = 1", "f.toml:2: nested: must be a table");
        row("name = 'a'\n[nested]\niner = 'x'",
            "f.toml:3: nested.iner: is not a known key; did you mean nested.inner?");
        row("name = 'a'\nrows = [1]", "f.toml:2: rows: must be a list of tables");
        row("name = 'a'\n[[rows]]\ninner = 'x'\n[[rows]]\n", "f.toml:4: rows.inner: is missing");
    }
    void refuses() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, message);
        Values values;
        const absl::Status status = readAll(text.toStdString(), values);
        const QByteArray said = QByteArray::fromStdString(base::messageOf(status));
        QVERIFY2(said.startsWith(message), said.constData());
        QVERIFY2(!said.contains('\n'), "one line");
        QCOMPARE(status.code(), absl::StatusCode::kInvalidArgument);
        QCOMPARE(base::errorInfo(status).reason, std::string("A_REASON"));
    }
};

QTEST_GUILESS_MAIN(TestTomlSection)
#include "tst_toml_section.moc"
