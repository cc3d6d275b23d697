// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <random>
#include <string>
#include <vector>

#include "gui/models/text_column.h"

using ifrit::gui::models::TextColumn;

namespace {

std::string textOf(std::mt19937& random, std::size_t most) {
    std::string text(random() % (most + 1), '\0');
    for (char& letter : text)
        letter = static_cast<char>(random() % 256);
    return text;
}

}  // namespace

class TestTextColumn : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatAVectorKeeps() {
        // Over the ends of several blocks, with lengths of one, two and three bytes, and some that
        // are larger than a block.
        std::mt19937 random(7);
        TextColumn column;
        std::vector<std::string> truth;
        for (int i = 0; i < 4'000; ++i) {
            truth.push_back(textOf(random, i % 1'000 == 7 ? 900'000 : i % 50 == 0 ? 20'000 : 140));
            column.push_back(truth.back());
        }
        QCOMPARE(column.size(), truth.size());
        for (std::size_t i = 0; i < truth.size(); ++i)
            QVERIFY(column[i] == truth[i]);
    }
    void anEmptyTextIsOne() {
        TextColumn column;
        column.push_back({});
        column.push_back("a");
        QCOMPARE(column.size(), std::size_t{2});
        QVERIFY(column[0].empty());
        QVERIFY(column[1] == "a");
    }
    void whatWasReadStaysWhereItIs() {
        TextColumn column;
        column.push_back("first");
        const std::string_view read = column[0];
        for (int i = 0; i < 100'000; ++i)
            column.push_back("another text that takes some room");
        QVERIFY(read == "first");
        QVERIFY(column[0].data() == read.data());
    }
    void aCopyAndItsSourceGoOnByThemselves() {
        TextColumn column;
        column.push_back("both");
        TextColumn copy(column);
        TextColumn assigned;
        assigned = column;
        column.push_back("source");
        copy.push_back("copied");
        assigned.push_back("assign");
        QVERIFY(column[1] == "source");
        QVERIFY(copy[1] == "copied");
        QVERIFY(assigned[1] == "assign");
        QVERIFY(column[0] == "both" && copy[0] == "both" && assigned[0] == "both");
    }
    void aCopyOutlivesItsSource() {
        TextColumn copy;
        {
            TextColumn column;
            column.push_back("kept");
            copy = column;
        }
        QVERIFY(copy[0] == "kept");
    }
    void findsTheFirst() {
        TextColumn column;
        for (const char* text : {"a", "b", "b"})
            column.push_back(text);
        QCOMPARE(column.find("b"), std::size_t{1});
        QCOMPARE(column.find("c"), column.size());
    }
};

QTEST_APPLESS_MAIN(TestTextColumn)
#include "tst_text_column.moc"
