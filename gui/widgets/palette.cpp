// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/palette.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ifrit::gui::widgets {
namespace {

struct Row {
    Token token;
    QRgb light;
    QRgb dark;
};

constexpr Row kRows[] = {
    {Token::Bg, 0xfff4f6f8, 0xff11151b},         {Token::Surface, 0xffffffff, 0xff191f27},
    {Token::Raised, 0xfffafbfc, 0xff1f2630},     {Token::Border, 0xffdce1e8, 0xff2e3744},
    {Token::Text, 0xff17202b, 0xffe4e9f0},       {Token::Muted, 0xff5a6675, 0xff9aa7b6},
    {Token::Accent, 0xff2257d0, 0xff86abfa},     {Token::AccentBg, 0xffe8effd, 0xff22304b},
    {Token::OkText, 0xff1b7a57, 0xff55c796},     {Token::OkFill, 0xff3ba57c, 0xff2f9a72},
    {Token::RunText, 0xff2257d0, 0xff86abfa},    {Token::RunFill, 0xff5b8def, 0xff4b7ce0},
    {Token::WaitText, 0xff8a6100, 0xffe5bc55},   {Token::WaitFill, 0xffe3b341, 0xffc99a2e},
    {Token::FailText, 0xffbf3410, 0xffff8a68},   {Token::FailFill, 0xffe5603a, 0xffd9552f},
    {Token::SilentText, 0xff6a4fb0, 0xffbba8f0}, {Token::SilentFill, 0xff9a84d6, 0xff8670c9},
    {Token::NoneText, 0xff5a6675, 0xff9aa7b6},   {Token::NoneFill, 0xffd5dbe3, 0xff313b48},
    {Token::Production, 0xffb3261e, 0xffff8a80},
};
static_assert(std::size(kRows) == static_cast<std::size_t>(Token::Count));

double luminance(const QColor& color) {
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

}  // namespace

QColor colorOf(Token token, Mode mode) {
    const Row& row = kRows[static_cast<std::size_t>(token)];
    return QColor::fromRgb(mode == Mode::Light ? row.light : row.dark);
}

double contrast(const QColor& a, const QColor& b) {
    const double high = std::max(luminance(a), luminance(b));
    const double low = std::min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

QColor inkOn(const QColor& ground) {
    constexpr double kReadable = 4.5;
    const QColor dark = colorOf(Token::Text, Mode::Light);
    for (const QColor& ink : {dark, QColor(Qt::white)}) {
        if (contrast(ground, ink) >= kReadable) return ink;
    }
    // Between them, as the dark look's fills are.
    return contrast(ground, Qt::black) > contrast(ground, Qt::white) ? Qt::black : Qt::white;
}

}  // namespace ifrit::gui::widgets
