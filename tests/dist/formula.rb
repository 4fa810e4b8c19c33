# SPDX-License-Identifier: Apache-2.0
# Installs what a Homebrew formula names, as Homebrew does on Linux:
#
#   ruby tests/dist/formula.rb FORMULA intel|arm DIST PREFIX [--test]
#
# The download is the file of the same name in DIST, and has to have the formula's checksum. --test also runs
# the test block, with the program that was installed.
require 'digest'
require 'fileutils'
require 'open3'
require 'pathname'
require 'tmpdir'

FORMULA, CPU, DIST, PREFIX, TEST = ARGV

# What Homebrew adds to Pathname.
class Pathname
  def install(*sources)
    sources.flatten.each do |source|
      raise "#{source} does not exist" unless File.exist?(source)
      mkpath
      FileUtils.mv(source, self)
    end
    raise "nothing to install in #{self}" if sources.flatten.empty?
  end
end

# The part of Homebrew's Formula that the formula uses. An unknown name is an error.
class Formula
  class << self
    attr_reader :tested, :given

    def inherited(formula)
      formula.instance_variable_set(:@given, {})
      super
    end

    %i[desc homepage version license url sha256].each do |name|
      define_method(name) { |value = nil| value ? @given[name] = value : @given[name] }
    end

    def depends_on(what)
      raise "unknown requirement #{what}" unless what == :linux
    end

    def on_linux(&block) = instance_eval(&block)

    def on_intel(&block) = CPU == 'intel' && instance_eval(&block)

    def on_arm(&block) = CPU == 'arm' && instance_eval(&block)

    def test(&block) = @tested = block
  end

  def version = self.class.version

  {bin: 'bin', man1: 'share/man/man1', bash_completion: 'etc/bash_completion.d', zsh_completion: 'share/zsh/site-functions',
   fish_completion: 'share/fish/vendor_completions.d', doc: 'share/doc/ballast'}.each do |name, folder|
    define_method(name) { Pathname(PREFIX) / folder }
  end

  def assert_match(expected, actual)
    raise "#{actual.inspect} does not contain #{expected.inspect}" unless actual.include?(expected)
  end

  def shell_output(command)
    output, status = Open3.capture2(command)
    raise "#{command} failed" unless status.success?
    output
  end
end

load FORMULA
%i[desc homepage version license url sha256].each { |name| raise "the formula has no #{name}" unless Ballast.given[name] }
download = File.join(DIST, File.basename(Ballast.url))
raise "#{download} has another checksum" unless Digest::SHA256.file(download).hexdigest == Ballast.sha256
raise "#{Ballast.url} is not of #{Ballast.version}" unless Ballast.url.include?("/v#{Ballast.version}/")

formula = Ballast.new
Dir.mktmpdir do |folder|
  system('tar', '-xzf', download, '-C', folder, exception: true)
  # Homebrew enters the only folder of an archive.
  Dir.chdir(Dir.glob("#{folder}/*").first) { formula.install }
end
raise 'the program was not installed' unless (formula.bin / 'ballast').executable?
formula.instance_eval(&Ballast.tested) if TEST == '--test'
