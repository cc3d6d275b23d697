// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <QWidget>

#include "gui/widgets/flow_layout.h"

using ifrit::gui::widgets::FlowLayout;

class TestFlowLayout : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void goesToAFurtherLine();
    void hiddenOnesTakeNoPlace();
    void needsNoMoreWidthThanTheWidest();

private:
    static constexpr int kGap = 8;
    static constexpr int kHigh = 20;
    QWidget* add(int width) {
        auto* widget = new QWidget(m_window.get());
        widget->setFixedSize(width, kHigh);
        m_window->layout()->addWidget(widget);
        return widget;
    }
    std::unique_ptr<QWidget> m_window;
};

void TestFlowLayout::init() {
    m_window = std::make_unique<QWidget>();
    m_window->setLayout(new FlowLayout(kGap));
}

void TestFlowLayout::goesToAFurtherLine() {
    add(100);
    const QWidget* second = add(100);
    const QWidget* third = add(100);
    m_window->resize(100 + kGap + 100, 200);
    m_window->show();
    QCOMPARE(second->pos(), QPoint(100 + kGap, 0));
    QCOMPARE(third->pos(), QPoint(0, kHigh + kGap));
    QCOMPARE(m_window->layout()->heightForWidth(m_window->width()), 2 * kHigh + kGap);
    QCOMPARE(m_window->layout()->heightForWidth(400), kHigh);
}

void TestFlowLayout::hiddenOnesTakeNoPlace() {
    add(100)->hide();
    const QWidget* second = add(100);
    m_window->resize(300, 100);
    m_window->show();
    QCOMPARE(second->pos(), QPoint(0, 0));
    QCOMPARE(m_window->layout()->sizeHint(), QSize(100, kHigh));
}

void TestFlowLayout::needsNoMoreWidthThanTheWidest() {
    for (const int width : {100, 140, 100})
        add(width);
    QCOMPARE(m_window->layout()->minimumSize().width(), 140);
    // Narrower than that it still ends.
    QCOMPARE(m_window->layout()->heightForWidth(50), 3 * kHigh + 2 * kGap);
}

QTEST_MAIN(TestFlowLayout)
#include "tst_flow_layout.moc"
