// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QImage>
#include <QtEndian>

#include <array>
#include <cstring>

namespace ifrit::tests {

/// Checksums are what is slow about the rest: one of each byte that is written. CRC-32 of PNG.
inline quint32 crcOf(const QByteArray& bytes) {
    static const auto table = [] {
        std::array<quint32, 256> made{};
        for (quint32 i = 0; i < made.size(); ++i) {
            quint32 value = i;
            for (int bit = 0; bit < 8; ++bit)
                value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
            made[i] = value;
        }
        return made;
    }();
    quint32 crc = ~0U;
    for (const char byte : bytes)
        crc = table[(crc ^ static_cast<quint8>(byte)) & 0xFF] ^ (crc >> 8);
    return ~crc;
}

inline QByteArray pngNumber(quint32 number) {
    const quint32 ordered = qToBigEndian(number);
    return {reinterpret_cast<const char*>(&ordered), sizeof ordered};
}

inline QByteArray pngChunk(const char* type, const QByteArray& data) {
    const QByteArray body = type + data;
    return pngNumber(static_cast<quint32>(data.size())) + body + pngNumber(crcOf(body));
}

/// Each row as it is, or as "like the one above", of which a window has many: libpng tries five
/// filters on every row, which takes longer than to draw the window.
inline QByteArray pngRows(const QImage& image) {
    constexpr char kAsItIs = 0;
    constexpr char kDifferenceUp = 2;
    const qsizetype width = image.width() * qsizetype{3};
    QByteArray rows((width + 1) * image.height(), '\0');
    char* to = rows.data();
    for (int y = 0; y < image.height(); ++y, to += width + 1) {
        const uchar* row = image.constScanLine(y);
        const bool same =
            y > 0 && std::memcmp(row, image.constScanLine(y - 1), std::size_t(width)) == 0;
        *to = same ? kDifferenceUp : kAsItIs;
        if (!same) std::memcpy(to + 1, row, std::size_t(width));
    }
    return rows;
}

/// Saves a picture of a window as PNG: quickly, and packed enough.
inline bool saveQuickly(const QImage& picture, const QString& path) {
    const QImage image = picture.convertToFormat(QImage::Format_RGB888);
    constexpr int kQuick = 1;
    constexpr int kSizeBefore = 4;  // what qCompress puts before zlib's own
    const QByteArray packed = qCompress(pngRows(image), kQuick).mid(kSizeBefore);
    const QByteArray eightBitColour("\x08\x02\x00\x00\x00", 5);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return false;
    const QByteArray whole =
        QByteArray("\x89PNG\r\n\x1a\n", 8) +
        pngChunk("IHDR", pngNumber(quint32(image.width())) + pngNumber(quint32(image.height())) +
                             eightBitColour) +
        pngChunk("IDAT", packed) + pngChunk("IEND", {});
    return file.write(whole) == whole.size() && file.flush();
}

}  // namespace ifrit::tests
