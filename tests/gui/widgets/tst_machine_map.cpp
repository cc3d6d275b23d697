// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QTest>

#include <set>

#include "gui/widgets/machine_map.h"
#include "gui/widgets/swatch_color.h"
#include "gui/widgets/theme.h"

using namespace ifrit::gui;
using namespace ifrit::gui::widgets;

class TestMachineMap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Without its hue a failed machine looked like a healthy one.
    void aCellThatHasRoomHasTheShapeOfItsState_data() {
        QTest::addColumn<int>("machines");
        QTest::addColumn<bool>("shaped");
        QTest::newRow("wide cells") << 400 << true;
        QTest::newRow("narrow cells") << 8'000 << false;
    }
    void aCellThatHasRoomHasTheShapeOfItsState() {
        QFETCH(const int, machines);
        QFETCH(const bool, shaped);
        Theme theme(*qApp);
        theme.choose(ThemeChoice::Light);
        const std::vector<models::MapSwatch> swatches = {
            {StatusKind::Ok}, {StatusKind::Fail}, {std::nullopt, 1, 4}};
        MachineMap map(theme, nullptr);
        map.resize(800, 500);
        models::MapGroup group;
        for (int i = 0; i < machines; ++i) {
            group.rows.push_back(static_cast<std::uint32_t>(i));
            group.swatches.push_back(static_cast<std::uint8_t>(i % 3));
        }
        map.setGroups({group}, swatches);
        map.show();
        const QImage image = map.grab().toImage();
        // On the ground of each state stands its ink, or nothing does.
        std::set<QRgb> colors;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                colors.insert(image.pixel(x, y));
        }
        for (std::size_t i = 0; i < swatches.size(); ++i) {
            const QColor ground = swatchColor(theme, swatches[i]);
            QVERIFY(colors.count(ground.rgb()) == 1);
            if (!swatches[i].kind) continue;
            QCOMPARE(marksOn(image, ground) > 0, shaped);
        }
        QVERIFY2(marksOn(image, swatchColor(theme, swatches[2])) == 0,
                 "a colour that is no state has no shape");
    }

private:
    /// Pixels of another colour that have the ground's at both sides, three pixels off: lines
    /// between the cells have another cell's there.
    static int marksOn(const QImage& image, const QColor& ground) {
        constexpr int kBeside = 3;
        int out = 0;
        for (int y = 30; y < image.height(); ++y) {
            for (int x = kBeside; x + kBeside < image.width(); ++x) {
                const bool inside = image.pixel(x - kBeside, y) == ground.rgb() &&
                                    image.pixel(x + kBeside, y) == ground.rgb();
                out += inside && image.pixel(x, y) != ground.rgb() ? 1 : 0;
            }
        }
        return out;
    }
};

QTEST_MAIN(TestMachineMap)
#include "tst_machine_map.moc"
