// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/package/fetch_frames.h"

namespace ifrit::tests {

using agent::package::FrameKind;
using agent::package::FrameReader;

class FetchFramesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void piecesOfAnySizeGiveTheSame_data() {
        QTest::addColumn<int>("piece");
        for (const int piece : {1, 2, 4, 5, 6, 7, 100})
            QTest::addRow("%d", piece) << piece;
    }
    void piecesOfAnySizeGiveTheSame() {
        QFETCH(int, piece);
        const std::string bytes =
            frameHeader(FrameKind::Data, 6) + "abcdef" + frameHeader(FrameKind::Data, 0) +
            frameHeader(FrameKind::Late, 4) + "late" + frameHeader(FrameKind::End, 0);
        std::string data;
        std::string late = "none";
        int ends = 0;
        FrameReader reader([&](FrameKind kind, std::string_view part) {
            if (kind == FrameKind::Data) data.append(part);
            if (kind == FrameKind::Late) late = std::string(part);
            if (kind == FrameKind::End) ends += part.empty() ? 1 : 100;
            return true;
        });
        for (std::size_t at = 0; at < bytes.size(); at += static_cast<std::size_t>(piece))
            QVERIFY(reader.take(std::string_view(bytes).substr(at, std::size_t(piece))));
        QCOMPARE(data, std::string("abcdef"));
        QCOMPARE(late, std::string("late"));
        QCOMPARE(ends, 1);
    }

    void whatIsNoFrameEndsIt_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addRow("unknown kind") << QByteArray("X\0\0\0\1a", 6);
        QTest::addRow("too long") << QByteArray("D\xff\xff\xff\xff", 5);
        QTest::addRow("a byte too long") << QByteArray("D\0\4\0\1", 5);
    }
    void whatIsNoFrameEndsIt() {
        QFETCH(QByteArray, bytes);
        FrameReader reader([](FrameKind, std::string_view) { return true; });
        QVERIFY(!reader.take({bytes.constData(), std::size_t(bytes.size())}));
    }

    void theSinkEndsIt() {
        FrameReader reader([](FrameKind, std::string_view) { return false; });
        QVERIFY(!reader.take(frameHeader(FrameKind::Data, 1) + "a"));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::FetchFramesTest;
QTEST_GUILESS_MAIN(FetchFramesTest)
#include "tst_fetch_frames.moc"
